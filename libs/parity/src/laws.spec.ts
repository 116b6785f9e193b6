import fc from 'fast-check';
import { slowCompare } from '../test/slow-parity.js';
import { integer, MeantNumber, MeantObject, object, plain, scribbled, shuffled } from '../test/writings.js';
import type { Meant } from '../test/writings.js';
import { outsideValue, rowText, rowValue, rowValues } from './body-index.js';
import { compareBodies } from './compare.js';
import type { Comparison } from './compare.js';
import type { DifferenceKind } from './fields.js';
import { markerOfNumber } from './marker.js';
import { makePlan } from './plan.js';
import type { ParityReport } from './report.js';
import type { Rule, Shape } from './shape.js';
import { isObject, parseExact, renderJson } from './values.js';
import type { Json } from './values.js';

const seed: readonly [number, number] = [0x12345678, 0x9abcdef];
const utf8 = new TextEncoder();

const ignoreId: Rule = { name: 'id', path: '/id', mode: 'ignore', reason: 'every app numbers its own rows' };
const ignoreTime: Rule = {
  name: 'created',
  path: '/created_at',
  mode: 'ignore',
  reason: 'every app has its own clock',
};
const tagSet: Rule = { name: 'tags', path: '/extra/tags', mode: 'set', reason: 'tags have no order' };
const deepIgnore: Rule = { name: 'deep', path: '/extra/*/x', mode: 'ignore', reason: 'noise' };
const entries: Shape = {
  rows: '/data/rows',
  order: 'set',
  identity: { kind: 'marker', path: '/text' },
  key: [],
  rules: [ignoreId, ignoreTime, tagSet, deepIgnore],
  outside: [],
};

function compare(shape: Shape, baseline: string, app: string, recheckShare = 0): Comparison {
  const plan = makePlan(shape, { seed });
  return compareBodies(plan, utf8.encode(baseline), utf8.encode(app), {
    limits: { recheckShare, differencesMax: 1000 },
  });
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const number = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })),
    fc.oneof(fc.constant(0), fc.integer({ min: -30, max: 30 })),
  )
  .map(([digits, power]) => new MeantNumber(digits, power));
const { value } = fc.letrec<{ value: Meant }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), text, number),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .uniqueArray(
        fc.tuple(fc.oneof(fc.constantFrom('x', 'tags', '__proto__', 'constructor', ''), text), tie('value')),
        {
          maxLength: 4,
          selector: ([name]) => name,
        },
      )
      .map((fields) => new MeantObject(fields)),
  ),
}));

/** Rows of one body with markers 0, 1, 2 …, so that each is itself. */
const rows = fc.array(fc.tuple(text, fc.option(value)), { maxLength: 12 }).map((parts) =>
  parts.map(([words, extra], i) => {
    const row = object({
      id: integer(i),
      text: `${words.replaceAll('~', '-')} ${markerOfNumber(i)}`,
      created_at: `2026-11-20T10:00:${i}`,
    });
    return extra === null ? row : row.with('extra', extra);
  }),
);
const random = fc.nat();

function bodyOf(list: readonly Meant[]): MeantObject {
  return object({ data: object({ rows: [...list], note: 'a' }) });
}

const mirroredKind: Partial<Record<DifferenceKind, DifferenceKind>> = {
  missing: 'extra',
  extra: 'missing',
  truncated: 'extended',
  extended: 'truncated',
};

describe('the laws of a comparison', () => {
  it('finds nothing between two writings of the same rows in any order', () => {
    fc.assert(
      fc.property(rows, random, random, (list, one, other) => {
        const { report } = compare(
          entries,
          scribbled(bodyOf(list), one),
          scribbled(bodyOf(shuffled(list, other)), other),
        );
        expect(report.refusals).toEqual({ baseline: null, app: null });
        expect(report.counts).toMatchObject({
          matched: list.length,
          explained: 0,
          changed: 0,
          onlyBaseline: 0,
          onlyApp: 0,
        });
        expect(report.outside).toEqual([]);
      }),
    );
  });

  it('says the same of two sides that are exchanged, mirrored', () => {
    fc.assert(
      fc.property(rows, rows, random, (mine, theirs, one) => {
        const there = compare(entries, plain(bodyOf(mine)), scribbled(bodyOf(theirs), one)).report;
        const back = compare(entries, scribbled(bodyOf(theirs), one), plain(bodyOf(mine))).report;
        expect(mirrored(back)).toEqual(there.counts);
        expect(fieldLines(back, true)).toEqual(fieldLines(there, false));
        expect(back.ruleHits).toEqual(there.ruleHits);
      }),
    );
  });

  it('finds exactly the planted edits, wherever the rows went', () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.constantFrom('text', 'gone', 'new', 'twice', 'field'), { maxLength: 12 }),
        random,
        plantedAreFound,
      ),
      { numRuns: 300 },
    );
  });

  it('finds one row out of order when one row moved', () => {
    const list = Array.from({ length: 9 }, (_, i) => object({ text: markerOfNumber(i) }));
    const place = fc.nat(list.length - 1);
    fc.assert(
      fc.property(place, place, (from, to) => {
        const app = list.toSpliced(from, 1).toSpliced(to, 0, ...list.slice(from, from + 1));
        const { report } = compare({ ...entries, order: 'ordered' }, plain(bodyOf(list)), plain(bodyOf(app)));
        expect(report.counts).toMatchObject({ changed: from === to ? 0 : 1, onlyBaseline: 0, onlyApp: 0 });
      }),
    );
  });

  it('counts what a rule ignores and lets it change nothing else', () => {
    fc.assert(
      fc.property(rows, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), random, (list, noisy, one) => {
        const app = list.map((row, i) => (noisy[i] ? row.with('id', integer(i + 1000)).with('created_at', null) : row));
        const { report } = compare(entries, plain(bodyOf(list)), scribbled(bodyOf(shuffled(app, one)), one));
        const hits = list.filter((_, i) => noisy[i]).length;
        expect(report.counts).toMatchObject({
          matched: list.length,
          explained: hits,
          changed: 0,
          onlyBaseline: 0,
          onlyApp: 0,
        });
        expect(report.ruleHits).toEqual([
          { name: 'id', hits },
          { name: 'created', hits },
          { name: 'tags', hits: 0 },
          { name: 'deep', hits: 0 },
        ]);
      }),
    );
  });

  it('comes to the same report by hash alone and by comparing every row exactly', () => {
    fc.assert(
      fc.property(crowd, crowd, fc.constantFrom(...shapes, ...exactShapes), random, (mine, theirs, shape, one) => {
        const app = scribbled(bodyOf(shuffled([...mine, ...theirs.slice(2)], one)), one);
        const byHash = compare(shape, plain(bodyOf(mine)), app, 0).report;
        const exactly = compare(shape, plain(bodyOf(mine)), app, 1).report;
        expect(byHash).toEqual(exactly);
      }),
      { numRuns: 300 },
    );
  });

  it('agrees with the slow and simple comparison', () => {
    fc.assert(
      fc.property(crowd, crowd, fc.constantFrom(...shapes), random, (mine, theirs, shape, one) => {
        const baseline = plain(bodyOf(mine));
        const app = scribbled(bodyOf(shuffled([...theirs, ...mine.slice(1)], one)), one);
        const { counts } = compare(shape, baseline, app).report;
        const { hits: _, ...slow } = slowCompare(shape, baseline, app);
        // Which of several equal rows is whose partner is free, and with it how many differ in what is ignored.
        const { explained: _free, ...expected } = slow;
        expect(counts).toMatchObject(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with the slow comparison on hits where every row is itself', () => {
    fc.assert(
      fc.property(rows, random, (mine, one) => {
        const shape: Shape = { ...entries, rules: [ignoreId, ignoreTime, deepIgnore] };
        const theirs = mine.map((row, i) => ((one + i) % 3 === 0 ? row : noisy(row, (one + i) % 5)));
        const app = scribbled(bodyOf(shuffled(theirs, one)), one);
        const { counts, ruleHits } = compare(shape, plain(bodyOf(mine)), app).report;
        const { hits, ...expected } = slowCompare(shape, plain(bodyOf(mine)), app);
        expect(counts).toMatchObject(expected);
        expect(Object.fromEntries(ruleHits.map((line) => [line.name, line.hits]))).toEqual(hits);
      }),
    );
  });

  it('reports the same for equal bytes as for equal values', () => {
    fc.assert(
      fc.property(crowd, (list) => {
        const body = plain(bodyOf(list));
        const short = compare(entries, body, body);
        const long = compare(entries, body, `${body} `);
        expect(short.report).toEqual(long.report);
        expect(short.app.identities).toEqual(long.app.identities);
      }),
    );
  });

  it('finds and hides as much outside the rows by equal bytes as by equal values', () => {
    const shape: Shape = { ...entries, rules: [], outside: [tagSet, deepIgnore, { ...nearId, path: '/extra' }] };
    fc.assert(
      fc.property(value, random, (extra, one) => {
        const body = bodyOf([]).with('extra', extra);
        const byBytes = compare(shape, scribbled(body, one), scribbled(body, one)).report;
        const byValues = compare(shape, scribbled(body, one), `${scribbled(body, one)} `).report;
        expect(byBytes).toEqual(byValues);
        expect(byBytes).toMatchObject({ outside: [], ruleHits: [{ hits: 0 }, { hits: 0 }, { hits: 0 }] });
      }),
    );
  });

  it('reads rows one by one and all at once without loss, and what stands around them', () => {
    fc.assert(
      fc.property(rows, value, random, (list, extra, one) => {
        const text = scribbled(bodyOf(list).with('extra', extra), one);
        const { app } = compare(entries, '{}', text);
        const each = Array.from(app.starts, (_, row) => renderJson(parseExact(rowText(app, row))));
        expect(rowValues(app).map(renderJson)).toEqual(each);
        expect(each.map((_, row) => renderJson(rowValue(app, row)))).toEqual(each);
        const around = { ...(parseExact(text) as object), data: { rows: [], note: 'a' } };
        expect(sorted(outsideValue(app))).toEqual(sorted(around));
      }),
    );
  });
});

/** Rows from a small world: many are equal, many share a marker, some have none. */
const crowd = fc.array(
  fc
    .record(
      {
        id: fc.nat(2).map(integer),
        text: fc
          .tuple(fc.constantFrom('', 'a', '\u00e9', 'e\u0301'), fc.option(fc.nat(3)))
          .map(([words, marker]) => words + (marker === null ? '' : markerOfNumber(marker))),
        number: fc.oneof(fc.nat(2).map(integer), fc.constantFrom('0', '1', 'x')),
        extra: value,
      },
      { requiredKeys: [] },
    )
    .map((fields) => object(fields as Record<string, Meant>)),
  { maxLength: 8 },
);
const shapes: readonly Shape[] = [
  entries,
  { ...entries, rules: [] },
  { ...entries, identity: null, key: ['/id'], rules: [deepIgnore] },
  { ...entries, key: ['/id', '/number'], rules: [tagSet] },
  { ...entries, identity: { kind: 'number', path: '/number' }, rules: [ignoreId] },
  { ...entries, identity: null, rules: [ignoreId, { ...tagSet, path: '/*/*' }] },
];

/** What the slow comparison does not know: tolerances and an order of rows. */
const nearId: Rule = { name: 'near', path: '/id', mode: 'tolerance', epsilon: 1, reason: 'nearly the same' };
const exactShapes: readonly Shape[] = [
  { ...entries, rules: [nearId, tagSet, deepIgnore] },
  { ...entries, order: 'ordered' },
  { ...entries, rules: [{ ...ignoreTime, path: '/extra' }, deepIgnore, { ...ignoreId, path: '/extra/x' }] },
  { ...entries, identity: null, key: ['/text'], rules: [nearId, { ...ignoreTime, path: '/extra/*' }] },
];

/** The row with something else at the ignored paths. */
function noisy(row: MeantObject, kind: number): MeantObject {
  const inside = (value: Meant): Meant => (value instanceof MeantObject ? value.with('x', integer(kind)) : value);
  const fields = row.fields.map(([name, value]) => {
    if (name === 'id') return [name, integer(kind)] as const;
    if (name !== 'extra' || kind === 0) return [name, value] as const;
    if (Array.isArray(value)) return [name, value.map(inside)] as const;
    if (!(value instanceof MeantObject)) return [name, value] as const;
    return [name, new MeantObject(value.fields.map(([deep, found]) => [deep, inside(found)]))] as const;
  });
  return new MeantObject(fields);
}

type Edit = 'text' | 'gone' | 'new' | 'twice' | 'field';

/** The i-th edit is made to the i-th row; what does not fit is left out. */
function plantedAreFound(list: MeantObject[], edits: readonly string[], one: number): void {
  const app: Meant[] = [];
  const expected = { changed: 0, onlyBaseline: 0, onlyApp: 0 };
  list.forEach((row, i) => {
    const edit = edits[i] as Edit | undefined;
    if (edit === 'text') app.push(row.with('text', `edited ${markerOfNumber(i)}`));
    else if (edit === 'field') app.push(row.with('__proto__', integer(1)));
    else if (edit !== 'gone') app.push(row);
    if (edit === 'twice') app.push(row);
    if (edit === 'new') app.push(row.with('text', `new ${markerOfNumber(i + 1000)}`));
    expected.changed += edit === 'text' || edit === 'field' ? 1 : 0;
    expected.onlyBaseline += edit === 'gone' ? 1 : 0;
    expected.onlyApp += edit === 'new' || edit === 'twice' ? 1 : 0;
  });
  const { report } = compare(entries, plain(bodyOf(list)), scribbled(bodyOf(shuffled(app, one)), one));
  expect(report.counts).toMatchObject(expected);
  expect(report.counts.duplicatedApp).toBe(edits.slice(0, list.length).filter((edit) => edit === 'twice').length);
  for (const { identity, fields } of report.changed) {
    const edit = edits[list.findIndex((_, i) => markerOfNumber(i) === identity)];
    expect(fields.map((field) => field.path)).toEqual([edit === 'text' ? '/text' : '/__proto__']);
  }
}

function mirrored({ counts }: ParityReport): ParityReport['counts'] {
  return {
    ...counts,
    rowsBaseline: counts.rowsApp,
    rowsApp: counts.rowsBaseline,
    onlyBaseline: counts.onlyApp,
    onlyApp: counts.onlyBaseline,
    duplicatedBaseline: counts.duplicatedApp,
    duplicatedApp: counts.duplicatedBaseline,
  };
}

/** Which index of an array is named is a matter of the side, so indexes are left out. */
function fieldLines(report: ParityReport, exchanged: boolean): string[] {
  const lines = report.changed.flatMap(({ identity, fields }) =>
    fields.map(({ path, kind, baseline, app }) => {
      const values = exchanged ? [mirroredKind[kind] ?? kind, app, baseline] : [kind, baseline, app];
      return [identity, path.replace(/\/\d+(?=\/|$)/g, '/*'), ...values].join(' ');
    }),
  );
  return lines.sort();
}

/** Names in one order, of names that repeat the last: text that equal values share. */
function sorted(one: Json): string {
  if (Array.isArray(one)) return `[${one.map(sorted).join()}]`;
  if (!isObject(one)) return renderJson(one);
  const names = Object.keys(one).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${sorted(one[name] ?? null)}`).join()}}`;
}
