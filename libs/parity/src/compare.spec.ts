import { indexBody, rowIdentity, rowText, rowValue } from './body-index.js';
import { compareBodies, compareIndexes } from './compare.js';
import type { Comparison, CompareOptions } from './compare.js';
import { findMarkerNumber, markerOfNumber } from './marker.js';
import { makePlan } from './plan.js';
import type { Plan } from './plan.js';
import { rowLookup } from './row-lookup.js';
import type { Rule, Shape } from './shape.js';

const utf8 = new TextEncoder();
const ignoreId: Rule = { name: 'id', path: '/id', mode: 'ignore', reason: 'numbered by each app' };
const ignoreTime: Rule = {
  name: 'created_at',
  path: '/created_at',
  mode: 'ignore',
  reason: 'each app has its own clock',
};

const entries: Shape = {
  rows: '/rows',
  order: 'set',
  identity: { kind: 'marker', path: '/text' },
  key: [],
  rules: [ignoreId, ignoreTime],
  outside: [],
};
const values: Shape = {
  rows: '/rows',
  order: 'set',
  identity: { kind: 'number', path: '/number' },
  key: [],
  rules: [],
  outside: ['/fields', '/_types', '/rowCount'].map((path) => ({
    name: path,
    path,
    mode: 'ignore',
    reason: 'pg metadata',
  })),
};
const stats: Shape = {
  rows: null,
  order: 'set',
  identity: null,
  key: [],
  rules: [{ name: 'trend', path: '/data/mood_trend', mode: 'set', key: '/mood', reason: 'the query has no ORDER BY' }],
  outside: [],
};

const plan = (shape: Shape): Plan => makePlan(shape, { seed: [7, 11] });
function compare(shape: Shape, baseline: unknown, app: unknown, options: CompareOptions = {}): Comparison {
  const bytes = (body: unknown): Uint8Array => utf8.encode(typeof body === 'string' ? body : JSON.stringify(body));
  return compareBodies(plan(shape), bytes(baseline), bytes(app), options);
}

const m = markerOfNumber;
const entry = (marker: number, text = 'a walk'): object => ({
  id: marker,
  text: `${text} ${m(marker)}`,
  created_at: `2026-11-20T10:00:0${marker}Z`,
});

describe('entries and moods', () => {
  it('match by marker although id, time and order differ', () => {
    const { report } = compare(
      entries,
      { rows: [entry(1), entry(2), entry(3)] },
      { rows: [{ ...entry(3), id: 8, created_at: null }, { ...entry(1), id: 9 }, entry(2)] },
    );
    expect(report).toMatchObject({
      compared: true,
      counts: { rowsBaseline: 3, rowsApp: 3, matched: 3, explained: 2, changed: 0, onlyBaseline: 0, onlyApp: 0 },
      ruleHits: [
        { name: 'id', hits: 2 },
        { name: 'created_at', hits: 1 },
      ],
    });
  });

  it('name what was lost, what is new and what was changed', () => {
    const { report, changedRows, partnerOfBaseline, partnerOfApp } = compare(
      entries,
      { rows: [entry(1), entry(2, 'a very long walk'), entry(3)] },
      { rows: [{ ...entry(2, 'a very long walk'), text: `a walk ${m(2)}`, extra: null }, entry(4), entry(1)] },
    );
    expect(report.counts).toMatchObject({ matched: 1, changed: 1, onlyBaseline: 1, onlyApp: 1 });
    expect(report.changed).toEqual([
      {
        identity: m(2),
        key: null,
        baselineRow: 1,
        appRow: 0,
        fields: [
          { path: '/text', kind: 'value', baseline: `"a very long walk ${m(2)}"`, app: `"a walk ${m(2)}"` },
          { path: '/extra', kind: 'extra', baseline: null, app: 'null' },
        ],
        fieldsMore: 0,
      },
    ]);
    expect(report.onlyBaseline).toEqual([
      { identity: m(3), key: null, row: 2, json: JSON.stringify(entry(3)), isDuplicate: false },
    ]);
    expect(report.onlyApp).toEqual([
      { identity: m(4), key: null, row: 1, json: JSON.stringify(entry(4)), isDuplicate: false },
    ]);
    expect(report.tally).toEqual([
      { path: '/extra', kind: 'extra', count: 1 },
      { path: '/text', kind: 'value', count: 1 },
    ]);
    expect({ changedRows, partnerOfBaseline, partnerOfApp }).toEqual({
      changedRows: Int32Array.of(1),
      partnerOfBaseline: Int32Array.of(2, 0, -1),
      partnerOfApp: Int32Array.of(1, -1, 0),
    });
  });

  it('pair the rows that have no marker by all that is compared, with counts', () => {
    const plainRow = (id: number, mood: string): object => ({ id, mood, text: '' });
    const { report } = compare(
      entries,
      { rows: [plainRow(1, 'calm'), plainRow(2, 'calm'), plainRow(3, 'sad')] },
      { rows: [plainRow(9, 'sad'), plainRow(8, 'calm'), plainRow(7, 'happy')] },
    );
    expect(report.counts).toMatchObject({ matched: 2, changed: 0, onlyBaseline: 1, onlyApp: 1, duplicatedBaseline: 0 });
    expect(report.onlyBaseline[0]).toMatchObject({ row: 1, identity: null });
  });

  it('report a marker that stands twice', () => {
    const { report } = compare(
      entries,
      { rows: [entry(1), entry(2), entry(2)] },
      { rows: [entry(1), entry(1), { ...entry(1), text: `other ${m(1)}` }, entry(2)] },
    );
    expect(report.counts).toMatchObject({
      matched: 2,
      changed: 0,
      onlyBaseline: 1,
      onlyApp: 2,
      duplicatedBaseline: 1,
      duplicatedApp: 2,
    });
    expect(report.duplicates).toEqual([
      { identity: m(2), key: null, baseline: 2, app: 1 },
      { identity: m(1), key: null, baseline: 1, app: 3 },
    ]);
    expect(report.onlyApp.map(({ row, isDuplicate }) => ({ row, isDuplicate }))).toEqual([
      { row: 1, isDuplicate: true },
      { row: 2, isDuplicate: true },
    ]);
  });

  it('report a marker that stands twice on both sides once, and keep apart what differs in the upper bits', () => {
    const far = 1 + 2 ** 32;
    const rows = [{ text: m(1) }, { text: m(far) }, { text: m(1) }];
    const { report } = compare(entries, { rows }, { rows: [...rows, { text: `x ${m(far + 2 ** 40)}` }] });
    expect(report.counts).toMatchObject({ matched: 3, onlyApp: 1, duplicatedBaseline: 1, duplicatedApp: 1 });
    expect(report.duplicates).toEqual([{ identity: m(1), key: null, baseline: 2, app: 2 }]);
  });

  it('are read although their bodies have the same length', () => {
    const { report } = compare(entries, { rows: [entry(1), entry(2)] }, { rows: [entry(1, 'a wolk'), entry(2)] });
    expect(report.counts).toMatchObject({ matched: 1, changed: 1 });
  });

  it('are still themselves when the marker moved to another field', () => {
    const { report } = compare(entries, { rows: [{ text: `hello ${m(5)}` }] }, { rows: [{ body: `hello ${m(5)}` }] });
    expect(report.changed[0]?.fields.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      '/text missing',
      '/body extra',
    ]);
  });

  it('show a truncated text, a Unicode form and a retyped field for what they are', () => {
    const baseline = { rows: [{ text: `${m(1)} caf\u00e9 au lait`, n: 42 }] };
    const kinds = (row: object): string[] =>
      compare(entries, baseline, { rows: [row] }).report.changed.flatMap(({ fields }) =>
        fields.map(({ kind }) => kind),
      );
    expect(kinds({ text: `${m(1)} caf\u00e9`, n: 42 })).toEqual(['truncated']);
    expect(kinds({ text: `${m(1)} cafe\u0301 au lait`, n: 42 })).toEqual(['unicode']);
    expect(kinds({ text: `${m(1)} caf\u00e9 au lait`, n: '42' })).toEqual(['type']);
    expect(kinds({ text: `${m(1)} caf\u00e9 au lait`, n: 42.0 })).toEqual([]);
  });
});

describe('hidden values that change places', () => {
  const rules: Rule[] = [
    { ...ignoreId, path: '/*/id' },
    { ...ignoreTime, path: '/set/*/id' },
    { name: 'set', path: '/set', mode: 'set', reason: '' },
  ];
  it.each([
    ['fields', { a: { id: 1 }, b: { id: 2 } }, { a: { id: 2 }, b: { id: 1 } }, 'id'],
    ['elements', { a: [1, { id: 2 }], id: 3 }, { a: [1, { id: 2 }], id: 3 }, ''],
    [
      'elements of a set',
      {
        set: [
          { k: 1, id: 1 },
          { k: 2, id: 2 },
        ],
      },
      {
        set: [
          { k: 1, id: 2 },
          { k: 2, id: 1 },
        ],
      },
      'created_at',
    ],
    [
      'a set itself',
      {
        set: [
          { k: 1, id: 1 },
          { k: 2, id: 2 },
        ],
      },
      {
        set: [
          { k: 2, id: 2 },
          { k: 1, id: 1 },
        ],
      },
      'set',
    ],
  ])('are a hit of their rule: %s', (...[, baseline, app, hit]) => {
    for (const recheckShare of [0, 1]) {
      const { report } = compare(
        { ...entries, rules },
        { rows: [baseline] },
        { rows: [app] },
        { limits: { recheckShare } },
      );
      expect(report.counts.matched).toBe(1);
      expect(report.ruleHits.filter(({ hits }) => hits > 0)).toEqual(hit === '' ? [] : [{ name: hit, hits: 1 }]);
    }
  });
});

describe('values', () => {
  const body = (numbers: string, more = ''): string =>
    `{"command":"SELECT","rowCount":${numbers.split(',').length},"oid":null,"rows":[${numbers
      .split(',')
      .map((number) => `{"number":${number}}`)
      .join(',')}],"fields":[{"name":"number","tableID":1640${numbers.length % 10}}],"_types":{"a":1}${more}}`;

  it('are multisets of numbers, and what pg adds is ignored by name', () => {
    const { report } = compare(values, body('42,-3,7'), body('7,42,-3,9'));
    expect(report.counts).toMatchObject({ matched: 3, onlyApp: 1, changed: 0 });
    expect(report.outside).toEqual([]);
    expect(report.ruleHits).toEqual([
      { name: '/fields', hits: 1 },
      { name: '/_types', hits: 0 },
      { name: '/rowCount', hits: 1 },
    ]);
  });

  it('name what differs outside the rows', () => {
    const { report } = compare(values, body('1'), body('1', ',"rowAsArray":false').replace('SELECT', 'select'));
    expect(report.outside).toEqual([
      { path: '/command', kind: 'value', baseline: '"SELECT"', app: '"select"' },
      { path: '/rowAsArray', kind: 'extra', baseline: null, app: 'false' },
    ]);
  });

  it('name what differs before the rows alone, and what differs behind them alone', () => {
    const before = compare(values, body('1'), body('1').replace('SELECT', 'select')).report;
    expect(before.outside).toMatchObject([{ path: '/command', kind: 'value' }]);
    const behind = compare(values, body('1', ',"mark":1'), body('1', ',"mark":2')).report;
    expect(behind.outside).toMatchObject([{ path: '/mark', kind: 'value' }]);
  });

  it('know a number that came back as text', () => {
    const { report, app } = compare(values, body('42,-3'), body('"42",-3'));
    expect(report.changed).toMatchObject([
      { identity: '42', fields: [{ path: '/number', kind: 'type', baseline: '42', app: '"42"' }] },
    ]);
    expect(app.identities).toEqual(Float64Array.of(42, -3));
  });

  it('are exact beyond 2^53', () => {
    const { report } = compare(values, body('9007199254740993'), body('9007199254740992'));
    expect(report.counts).toMatchObject({ matched: 0, onlyBaseline: 1, onlyApp: 1 });
  });
});

describe('stats', () => {
  const body = (trend: object[], total: number): object => ({
    data: { last7_days: [{ date: '2026-11-14', count: 0 }], mood_trend: trend, total_entries: total },
  });

  it('are one row, with a set inside', () => {
    const happy = { mood: 'happy', count: 1 };
    const calm = { mood: 'calm', count: 2 };
    const same = compare(stats, body([happy, calm], 3), body([calm, happy], 3)).report;
    expect(same.counts).toMatchObject({ rowsBaseline: 1, matched: 1, explained: 1, changed: 0 });
    expect(same.ruleHits).toEqual([{ name: 'trend', hits: 1 }]);
    const other = compare(stats, body([happy, calm], 3), body([{ ...calm, count: 3 }, happy], 4)).report;
    expect(other.changed[0]?.fields).toEqual([
      { path: '/data/mood_trend/1/count', kind: 'value', baseline: '2', app: '3' },
      { path: '/data/total_entries', kind: 'value', baseline: '3', app: '4' },
    ]);
  });
});

describe('rows with a declared key', () => {
  const keyed: Shape = { ...entries, identity: null, key: ['/day', '/slot/no'], rules: [] };
  it('pair by it, and without it by everything', () => {
    const row = (day: string, no: number, note: string): object => ({ day, slot: { no }, note });
    const { report } = compare(
      keyed,
      { rows: [row('mo', 1, 'a'), row('mo', 2, 'b'), { note: 'keyless' }, { day: 'mo', note: 'half' }] },
      { rows: [{ note: 'keyless' }, row('mo', 2, 'x'), row('tu', 1, 'a'), { day: 'mo', note: 'other half' }] },
    );
    expect(report.counts).toMatchObject({ matched: 1, changed: 1, onlyBaseline: 2, onlyApp: 2 });
    expect(report.changed[0]).toMatchObject({ key: '["mo",2]', identity: null, fields: [{ path: '/note' }] });
    expect(report.onlyApp[0]?.key).toBe('["tu",1]');
  });
});

describe('rows with an identity and a declared key', () => {
  const both: Shape = { ...entries, key: ['/id'], rules: [] };
  it('pair by key when one of them lost its identity, never when they have two', () => {
    const { report } = compare(
      both,
      {
        rows: [
          { id: 1, text: m(1) },
          { id: 2, text: m(2) },
          { id: 3, text: 'c' },
        ],
      },
      {
        rows: [
          { id: 1, text: 'lost' },
          { id: 2, text: m(9) },
          { id: 3, text: m(3) },
        ],
      },
    );
    expect(report.changed.map(({ key }) => key)).toEqual(['[1]', '[3]']);
    expect(report.counts).toMatchObject({ changed: 2, onlyBaseline: 1, onlyApp: 1 });
  });
});

describe('rows in order', () => {
  const ordered: Shape = { ...entries, order: 'ordered', rules: [] };
  it('differ in their place, as few of them as possible', () => {
    const rows = Array.from({ length: 8 }, (_, i) => entry(i));
    const moved = [...rows.slice(1, 6), rows[0], ...rows.slice(6)];
    const { report } = compare(ordered, { rows }, { rows: moved });
    expect(report.counts).toMatchObject({ matched: 7, changed: 1, onlyBaseline: 0, onlyApp: 0 });
    expect(report.changed[0]).toMatchObject({
      identity: m(0),
      fields: [{ path: '', kind: 'order', baseline: '0', app: '5' }],
    });
  });
  it('do not differ because others are missing', () => {
    const rows = Array.from({ length: 8 }, (_, i) => entry(i));
    const { report } = compare(ordered, { rows }, { rows: [rows[1], entry(9), rows[4], rows[7]] });
    expect(report.counts).toMatchObject({ matched: 3, changed: 0, onlyBaseline: 5, onlyApp: 1 });
  });
});

describe('a tolerance inside rows', () => {
  const near: Shape = {
    ...entries,
    rules: [
      ignoreId,
      { name: 'time', path: '/created_at', mode: 'tolerance', withinMs: 2000, reason: 'written at the same time' },
    ],
  };
  it('hides what is near and shows what is not', () => {
    const { report } = compare(
      near,
      { rows: [entry(1), entry(2), entry(3)] },
      {
        rows: [
          { ...entry(1), created_at: '2026-11-20T10:00:03Z' },
          { ...entry(2), created_at: '2026-11-20T11:00:02Z' },
          entry(3),
        ],
      },
    );
    expect(report.counts).toMatchObject({ matched: 2, explained: 1, changed: 1 });
    expect(report.changed[0]).toMatchObject({ identity: m(2), fields: [{ path: '/created_at', kind: 'value' }] });
    expect(report.ruleHits).toEqual([
      { name: 'id', hits: 0 },
      { name: 'time', hits: 1 },
    ]);
    expect(report.warnings).toEqual([]);
  });
});

describe('rows that are bare values', () => {
  it('may be under a rule themselves', () => {
    const shape: Shape = {
      ...entries,
      identity: null,
      rules: [{ name: 'near', path: '', mode: 'tolerance', epsilon: 0.1, reason: '' }],
    };
    const { report } = compare(shape, { rows: [1, 2] }, { rows: [1.05, 3] });
    expect(report.counts).toMatchObject({ matched: 1, explained: 1, changed: 1, onlyBaseline: 0 });
    expect(report.changed[0]?.fields).toEqual([{ path: '', kind: 'value', baseline: '2', app: '3' }]);
  });
});

describe('rows that are left out', () => {
  it('are counted and take no part', () => {
    const baseline = { rows: [entry(1), entry(2), entry(3)] };
    const app = { rows: [entry(3, 'changed'), entry(1)] };
    const { report } = compare(entries, baseline, app, {
      takesPart: { baseline: Uint8Array.of(1, 0, 0), app: Uint8Array.of(0, 1) },
    });
    expect(report.counts).toMatchObject({
      rowsBaseline: 1,
      rowsApp: 1,
      matched: 1,
      changed: 0,
      onlyBaseline: 0,
      leftOutBaseline: 2,
      leftOutApp: 1,
    });
  });
});

describe('bodies that cannot be read', () => {
  it('are refused by side, and the other side can still be looked at', () => {
    const { report, baseline } = compare(entries, { rows: [entry(1)] }, '<!doctype html>');
    expect(report).toMatchObject({
      compared: false,
      refusals: { baseline: null, app: { code: 'not-json', offset: 0 } },
      counts: { rowsBaseline: 1, rowsApp: 0, matched: 0, onlyBaseline: 0 },
    });
    expect(rowIdentity(baseline, 0)).toBe(m(1));
  });

  it('may be refused on both sides', () => {
    const { report } = compare(entries, '', '{}');
    expect([report.refusals.baseline?.code, report.refusals.app?.code]).toEqual(['empty', 'rows-missing']);
  });

  it('let the last of repeated names win, row after row', () => {
    const names = Array.from({ length: 40 }, (_, i) => `"n${i}":${i}`).join();
    const long = `{${names}},{${names},"n39":"last"}`;
    const { report } = compare(
      entries,
      `{"rows":[{"a":1,"a":2},{"a":3,"a":2},${long}]}`,
      `{"rows":[{"a":2},{"a":2},{${names}},{${names.replace('"n39":39', '"n39":"last"')}}]}`,
    );
    expect(report.counts).toMatchObject({ matched: 4, onlyBaseline: 0, onlyApp: 0 });
    expect(report.warnings).toMatchObject([{ side: 'baseline', code: 'repeated-names', count: 3 }]);
  });

  it('count a repeated name once, however the row was read', () => {
    const { report } = compare(entries, '{"rows":[{"x":{"a":1},"y":1},{"x":{"a":1,"a":2},"z":1}]}', '{"rows":[]}');
    expect(report.warnings).toMatchObject([{ side: 'baseline', code: 'repeated-names', count: 1 }]);
  });

  it('warn of repeated names and byte order marks by side', () => {
    const { report } = compare(
      entries,
      '{"rows":[{"text":"a","text":"b","text":"c"}],"x":1,"x":2}',
      '\ufeff{"rows":[{"text":"c"}],"x":2}',
    );
    expect(report.counts).toMatchObject({ matched: 1, changed: 0 });
    expect(report.outside).toEqual([]);
    expect(report.warnings.map(({ side, code, count }) => ({ side, code, count }))).toEqual([
      { side: 'baseline', code: 'repeated-names', count: 3 },
      { side: 'app', code: 'bom', count: 1 },
    ]);
  });
});

describe('the report', () => {
  it('is bounded: it lists as many as allowed and counts the rest', () => {
    const rows = Array.from({ length: 600 }, (_, i) => entry(i));
    const app = [
      ...rows.slice(0, 300).map((_, i) => entry(i, 'edited')),
      ...Array.from({ length: 300 }, (_, i) => entry(i + 1000)),
    ];
    const { report, changedRows } = compare(
      entries,
      { rows },
      { rows: app },
      { limits: { differencesMax: 10, examinedMax: 100 } },
    );
    expect(report.counts).toMatchObject({ matched: 0, changed: 300, onlyBaseline: 300, onlyApp: 300, unexamined: 200 });
    expect([report.changed, report.onlyBaseline, report.onlyApp].map((list) => list.length)).toEqual([10, 10, 10]);
    expect(report.tally).toEqual([{ path: '/text', kind: 'value', count: 100 }]);
    expect(changedRows).toHaveLength(300);
  });

  it('survives JSON', () => {
    const { report } = compare(entries, { rows: [entry(1), entry(2)] }, { rows: [entry(2, 'x'), entry(3)] });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('cuts long rows', () => {
    const { report } = compare(entries, { rows: [{ text: 'x'.repeat(9000) }] }, { rows: [] });
    expect(report.onlyBaseline[0]?.json).toHaveLength(4096);
  });
});

describe('an index of one body', () => {
  const index = indexBody(
    plan(entries),
    utf8.encode(JSON.stringify({ rows: [entry(5), { text: 'none' }, entry(7), entry(5, 'again')] })),
  );
  it('gives the marker of every row', () => {
    expect(index.identities).toEqual(Float64Array.of(5, Number.NaN, 7, 5));
  });
  it('leads from a marker to its row and reads it back', () => {
    const find = rowLookup(index);
    expect([5, 7, 6, 5.5, Number.NaN].map(find)).toEqual([0, 2, -1, -1, -1]);
    expect(rowLookup(indexBody(plan(entries), utf8.encode(JSON.stringify({ rows: [entry(0)] }))))(Number.NaN)).toBe(-1);
    expect(find(findMarkerNumber(`text with ${m(7)}`))).toBe(2);
    expect(rowText(index, 2)).toBe(JSON.stringify(entry(7)));
    expect(rowValue(index, 2)).toEqual(entry(7));
    expect(rowIdentity(index, 1)).toBeNull();
  });
  it('finds large and negative identity numbers too', () => {
    const numbers = [-1, 0, 2 ** 31, -(2 ** 31), 2 ** 52, Number.MAX_SAFE_INTEGER];
    const body = utf8.encode(JSON.stringify({ rows: numbers.map((number) => ({ number })) }));
    expect(numbers.map(rowLookup(indexBody(plan(values), body)))).toEqual([0, 1, 2, 3, 4, 5]);
  });
  it('serves many comparisons, but only of its own plan', () => {
    const { report } = compareIndexes(index, index);
    expect(report.counts).toMatchObject({ matched: 4, explained: 0, duplicatedBaseline: 1 });
    const other = indexBody(plan(entries), utf8.encode('{"rows":[]}'));
    expect(() => compareIndexes(index, other)).toThrow('different plans');
  });
  it('reads a part of a larger buffer', () => {
    const bytes = utf8.encode(`xxx${JSON.stringify({ rows: [entry(5)] })}yyy`);
    const part = indexBody(plan(entries), bytes.subarray(3, bytes.length - 3));
    expect({ refusal: part.refusal, text: rowText(part, 0) }).toEqual({
      refusal: null,
      text: JSON.stringify(entry(5)),
    });
  });
});

describe('rows whose hashes collide', () => {
  it('are found by the share that is compared exactly, and called what they are', () => {
    const rows = Array.from({ length: 200 }, (_, i) => entry(i));
    const index = indexBody(plan(entries), utf8.encode(JSON.stringify({ rows })));
    const bytes = utf8.encode(JSON.stringify({ rows }).replaceAll('walk', 'wolk'));
    // The same hashes over other bytes: what somebody who knows the seed could make.
    const forged = { ...index, bytes };
    const { report } = compareIndexes(index, forged, { limits: { recheckShare: 0.2 } });
    expect(report.counts.changed).toBeGreaterThan(15);
    expect(report.counts.changed).toBeLessThan(80);
    expect(report.warnings).toMatchObject([{ side: 'both', code: 'hash-collision', count: report.counts.changed }]);
    expect(compareIndexes(index, forged, { limits: { recheckShare: 1 } }).report.counts.changed).toBe(200);
  });
});
