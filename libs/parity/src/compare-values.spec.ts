import fc from 'fast-check';
import { compareValues } from './compare-values.js';
import { Decimal } from './decimal.js';
import type { Rule } from './shape.js';
import { isoMs } from './tolerance.js';
import type { Json } from './values.js';

const set = (path: string, key?: string): Rule => ({
  name: `set ${path}`,
  path,
  mode: 'set',
  reason: '',
  ...(key === undefined ? {} : { key }),
});
const ignore = (path: string): Rule => ({ name: `ignore ${path}`, path, mode: 'ignore', reason: '' });
const exact = (path: string): Rule => ({ name: `exact ${path}`, path, mode: 'exact', reason: '' });
const near = (path: string, epsilon: number): Rule => ({
  name: `near ${path}`,
  path,
  mode: 'tolerance',
  reason: '',
  epsilon,
});
const soon = (path: string, withinMs: number): Rule => ({
  name: `soon ${path}`,
  path,
  mode: 'tolerance',
  reason: '',
  withinMs,
});

/** `path kind baseline → app`, one line per difference, then `name×hits` of the rules that hid something. */
function lines(baseline: Json, app: Json, rules: readonly Rule[] = []): string[] {
  const { differences, ruleHits } = compareValues(baseline, app, rules);
  return [
    ...differences.map(({ path, kind, baseline: mine, app: theirs }) => `${path} ${kind} ${mine} → ${theirs}`),
    ...ruleHits.filter(({ hits }) => hits > 0).map(({ name, hits }) => `${name}×${hits}`),
  ];
}

describe('differences of two values', () => {
  it.each<[Json, Json, string[]]>([
    [1, 1, []],
    [1, 2, [' value 1 → 2']],
    [-0, 0, []],
    [1, '1', [' type 1 → "1"']],
    [true, 'true', [' type true → "true"']],
    [null, 0, [' type null → 0']],
    [{}, [], [' type {} → []']],
    [{ a: 1 }, {}, ['/a missing 1 → null']],
    [{}, { a: null }, ['/a extra null → null']],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, []],
    [{ 'a/b': { '~': 1 } }, { 'a/b': { '~': 2 } }, ['/a~1b/~0 value 1 → 2']],
    ['cr\u00e8me', 'cre\u0300me', [' unicode "cr\u00e8me" → "cre\u0300me"']],
    ['a long text', 'a long', [' truncated "a long text" → "a long"']],
    ['a long', 'a long text', [' extended "a long" → "a long text"']],
    ['text', '', [' value "text" → ""']],
    [[1, 2, 3], [3, 1, 2], [' order [1,2,3] → [3,1,2]']],
    [[1, 2, 3], [1, 3], ['/1 missing 2 → null']],
    [[1, 3], [1, 2, 3], ['/1 extra null → 2']],
    [[1, 2, 3], [1, 7, 3], ['/1 value 2 → 7']],
    [[1, 2, 3], [], ['/0 missing 1 → null', '/1 missing 2 → null', '/2 missing 3 → null']],
    [[{ a: 1, b: [] }], [{ a: 2, b: [] }], ['/0/a value 1 → 2']],
    [[1, 1], [1], ['/1 missing 1 → null']],
    [new Decimal('9007199254740993e0'), 9007199254740992, [' value 9007199254740993e0 → 9007199254740992']],
    [new Decimal('1e999'), '1e999', [' type 1e999 → "1e999"']],
  ])('%j and %j', (baseline, app, expected) => {
    expect(lines(baseline, app)).toEqual(expected);
  });

  it('knows names that objects have of their own', () => {
    const odd = JSON.parse('{"__proto__":{"x":1},"constructor":1,"hasOwnProperty":2}') as Json;
    expect(lines(odd, {})).toEqual([
      '/__proto__ missing {"x":1} → null',
      '/constructor missing 1 → null',
      '/hasOwnProperty missing 2 → null',
    ]);
    expect(lines({}, odd)).toHaveLength(3);
    expect(lines(odd, JSON.parse('{"__proto__":{"x":2},"constructor":1,"hasOwnProperty":2}') as Json)).toEqual([
      '/__proto__/x value 1 → 2',
    ]);
  });

  it('lists 200 and counts the rest', () => {
    const many = Array.from({ length: 300 }, (_, i) => i);
    const { differences, more } = compareValues(
      many,
      many.map((i) => -1 - i),
    );
    expect({ listed: differences.length, more }).toEqual({ listed: 200, more: 100 });
  });

  it('cuts long values, not through a character', () => {
    const { differences } = compareValues('x', `${'😀'.repeat(600)}`);
    expect(differences[0]?.app).toHaveLength(1024);
    expect(differences[0]?.app).toMatch(/^"(😀)+…$/u);
  });
});

describe('rules', () => {
  it.each<[string, Json, Json, Rule[], string[]]>([
    ['ignore hides a value', { a: 1 }, { a: 2 }, [ignore('/a')], ['ignore /a×1']],
    ['ignore hides that it is missing', { a: 1 }, {}, [ignore('/a')], ['ignore /a×1']],
    ['ignore without a difference has no hit', { a: { b: [1] } }, { a: { b: [1] } }, [ignore('/a')], []],
    ['ignore covers all below', { a: { b: 1 } }, { a: { c: 1 } }, [ignore('/a'), exact('/a/b')], ['ignore /a×1']],
    [
      'the first rule for a path decides',
      { a: 1, b: 1 },
      { a: 2, b: 2 },
      [exact('/a'), ignore('/*')],
      ['/a value 1 → 2', 'ignore /*×1'],
    ],
    [
      'a star is one name, of any depth only its own',
      { a: { x: 1 } },
      { a: { x: 2 } },
      [ignore('/*/x')],
      ['ignore /*/x×1'],
    ],
    [
      'a star is not two names',
      { a: { b: { x: 1 } } },
      { a: { b: { x: 2 } } },
      [ignore('/*/x')],
      ['/a/b/x value 1 → 2'],
    ],
    [
      'a star and a name lead to the same place',
      { a: { x: 1, y: 1 } },
      { a: { x: 2, y: 2 } },
      [ignore('/*/x'), ignore('/a/y')],
      ['ignore /*/x×1', 'ignore /a/y×1'],
    ],
    ['an index is a name', [1, 2], [5, 6], [ignore('/1')], ['/0 value 1 → 5', 'ignore /1×1']],
    ['a hit is counted once', [{ x: 1 }, { x: 2 }], [{ x: 3 }, { x: 4 }], [ignore('/*/x')], ['ignore /*/x×1']],
    ['set hides another order', [1, 2], [2, 1], [set('')], ['set ×1']],
    ['set does not hide a count', [1, 1, 2], [1, 2, 2], [set('')], ['/1 value 1 → 2']],
    [
      'set pairs what is left over in order',
      {
        m: [
          { mood: 'calm', n: 1 },
          { mood: 'sad', n: 2 },
        ],
      },
      {
        m: [
          { mood: 'sad', n: 2 },
          { mood: 'calm', n: 9 },
        ],
      },
      [set('/m')],
      ['/m/0/n value 1 → 9'],
    ],
    [
      'set pairs what is left over by key',
      [
        { k: 1, n: 1 },
        { k: 2, n: 2 },
      ],
      [
        { k: 2, n: 3 },
        { k: 1, n: 4 },
      ],
      [set('', '/k')],
      ['/0/n value 1 → 4', '/1/n value 2 → 3'],
    ],
    [
      'set with a key tells gone from changed',
      [
        { k: 1, n: 1 },
        { k: 2, n: 2 },
      ],
      [
        { k: 3, n: 3 },
        { k: 1, n: 4 },
      ],
      [set('', '/k')],
      ['/0/n value 1 → 4', '/1 missing {"k":2,"n":2} → null', '/0 extra null → {"k":3,"n":3}'],
    ],
    [
      'set holds at every depth',
      [
        [1, 2],
        [3, 4],
      ],
      [
        [4, 3],
        [2, 1],
      ],
      [set(''), set('/*')],
      ['set ×1', 'set /*×1'],
    ],
    [
      'a set does not see that an ignored field is missing',
      [{ k: 1, id: 1 }, { k: 2 }],
      [{ k: 2 }, { k: 1 }],
      [set(''), ignore('/*/id')],
      ['set ×1', 'ignore /*/id×1'],
    ],
    [
      'a set does not see how many ignored elements there are',
      [[1], 5],
      [5, [1, 2]],
      [set(''), ignore('/*/*')],
      ['set ×1', 'ignore /*/*×1'],
    ],
    [
      'ignore works inside a set',
      [
        { k: 1, id: 1 },
        { k: 2, id: 2 },
      ],
      [
        { k: 2, id: 9 },
        { k: 1, id: 1 },
      ],
      [set(''), ignore('/*/id')],
      ['set ×1', 'ignore /*/id×1'],
    ],
    ['tolerance hides a small distance', { t: 1.5 }, { t: 1.75 }, [near('/t', 0.25)], ['near /t×1']],
    ['tolerance does not hide a larger one', { t: 1.5 }, { t: 1.8 }, [near('/t', 0.25)], ['/t value 1.5 → 1.8']],
    ['tolerance does not hide another type', { t: 1 }, { t: '1' }, [near('/t', 5)], ['/t type 1 → "1"']],
    ['tolerance does not hide that it is missing', { t: 1 }, {}, [near('/t', 5)], ['/t missing 1 → null']],
    ['tolerance without a difference has no hit', { t: 1 }, { t: 1 }, [near('/t', 5)], []],
    [
      'times are near each other in any zone',
      { t: '2026-11-20T10:00:00.000Z' },
      { t: '2026-11-20 12:00:01+02' },
      [soon('/t', 1000)],
      ['soon /t×1'],
    ],
    [
      'times too far apart differ',
      { t: '2026-11-20T10:00:00Z' },
      { t: '2026-11-20T11:00:00Z' },
      [soon('/t', 1000)],
      ['/t value "2026-11-20T10:00:00Z" → "2026-11-20T11:00:00Z"'],
    ],
    ['other texts are no times', { t: 'soon' }, { t: 'later' }, [soon('/t', 1000)], ['/t value "soon" → "later"']],
  ])('%s', (...[, baseline, app, rules, expected]) => {
    expect(lines(baseline, app, rules)).toEqual(expected);
  });
});

describe('ISO times', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00', 0],
    ['1970-01-01 00:00:00.5', 500],
    ['1970-01-01T00:00:00.000001Z', 0.001],
    ['1970-01-01T01:00:00+01:00', 0],
    ['1969-12-31T23:30:00-0030', 0],
    ['1970-01-01T00:00:01,25Z', 1250],
    ['2026-11-20T10:03:40.940Z', Date.parse('2026-11-20T10:03:40.940Z')],
    ['1970-13-01T00:00:00Z', Number.NaN],
    ['1970-01-01', Number.NaN],
    ['0', Number.NaN],
    [' 1970-01-01T00:00:00Z', Number.NaN],
  ])('%s is %d ms', (text, expected) => {
    expect(isoMs(text)).toBe(expected);
  });

  it('are the same in the form that nearly all have as in any other', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((number) => String(number).padStart(2, '0'));
    const parts = fc.tuple(two, two, two, two, two, two, two, fc.integer({ min: 0, max: 999 }));
    fc.assert(
      fc.property(parts, ([century, year, month, day, hour, minute, second, ms]) => {
        const text = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}.${String(ms).padStart(3, '0')}`;
        expect(isoMs(`${text}Z`)).toBe(isoMs(`${text}+00:00`));
      }),
      { numRuns: 2_000 },
    );
    for (let ms = 0; ms < 1_000; ms += 1) {
      const text = `2026-11-26T10:00:00.${String(ms).padStart(3, '0')}`;
      expect(isoMs(`${text}Z`)).toBe(isoMs(`${text}+00:00`));
    }
  });
});
