import fc from 'fast-check';
import { curlLine } from './curl.js';
import { fieldTexts, markDifference, otherFields, valueText } from './value-text.js';
import type { RowDifference } from '#libs/contracts/src/comparator.js';

describe('a foreign value as text', () => {
  it('shows type and spaces, and writes out what would hide or turn text', () => {
    expect(valueText(' a ')).toBe('" a "');
    expect(valueText('7')).not.toBe(valueText(7));
    expect(valueText('a\u202eb\u200bc')).toBe('"a\\u{202e}b\\u{200b}c"');
    expect(valueText({ a: [1, null] })).toBe('{ "a": [ 1, null ] }');
    expect(valueText(undefined)).toBe('');
  });

  it('is one line', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(valueText(value)).not.toContain('\n')));
  });
});

describe('a field that differs', () => {
  const between = (baseline: unknown, app: unknown): RowDifference => ({
    ...{ kind: 'changed', marker: null, acknowledgedAt: null, fill: null, fields: [], sentence: '' },
    baseline,
    app,
  });
  const field = (path: string, baseline: unknown = 'x', app: unknown = 'y') => ({ path, kind: 'value', baseline, app });

  it('is read from the rows, whatever form the difference gives it in', () => {
    const row = between({ number: 7, 'a/b': { '~c': [1, 'two'] } }, { number: '7' });
    expect(fieldTexts(row, field('/number', '7', '"7"'))).toEqual(['7', '"7"']);
    expect(fieldTexts(row, field('/a~1b/~0c/1'))).toEqual(['"two"', '']);
    expect(fieldTexts(between([1], [2]), field(''))).toEqual(['[ 1 ]', '[ 2 ]']);
  });

  it('is taken from the difference where the rows do not hold it', () => {
    const figures = { ...between({ entries_today: 36 }, { entries_today: 22 }), kind: 'derived' as const };
    expect(fieldTexts(figures, field('/data/entries_today', 36, 22))).toEqual(['36', '22']);
    expect(fieldTexts(figures, field('/data/total_entries', 'at least 50', 36))).toEqual(['at least 50', '36']);
    expect(fieldTexts(between({}, {}), field('/constructor'))).toEqual(['"x"', '"y"']);
  });
});

describe('the marks of a changed text', () => {
  it('are smallest: what both begin and end with is not marked', () => {
    expect(markDifference('after the rain', 'after a rain')).toEqual([
      { before: 'after ', changed: 'the', after: ' rain' },
      { before: 'after ', changed: 'a', after: ' rain' },
    ]);
  });

  it('leave both texts whole', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀', 'ü') });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [a, b] = markDifference(left, right);
        expect([a.before + a.changed + a.after, b.before + b.changed + b.after]).toEqual([left, right]);
        expect(left === right).toBe(a.changed === '' && b.changed === '');
      }),
    );
  });
});

describe('the other fields of a row', () => {
  it('are those of either side that are not named as different', () => {
    const others = otherFields({ id: 1, note: 'a' }, { id: 2, extra: true }, [{ path: '/note' }]);
    expect(others).toEqual([
      { name: 'id', baseline: 1, app: 2 },
      { name: 'extra', baseline: undefined, app: true },
    ]);
    expect(otherFields(7, null, [])).toEqual([]);
  });
});

describe('the curl line', () => {
  it('keeps any address one word of the shell', () => {
    expect(curlLine('https://a.example/api?limit=200')).toBe(
      "curl -sS --max-time 10 'https://a.example/api?limit=200'",
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const line = curlLine(`https://a.example/${text}`);
        expect(line).toMatch(/^curl -sS --max-time 10 '[^'\n\r]*'$/);
      }),
    );
  });
});
