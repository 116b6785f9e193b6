import { makePlan } from './plan.js';
import { pointerSegments, shapeFaults } from './shape.js';
import type { Rule, Shape } from './shape.js';

const shape: Shape = { rows: '/rows', order: 'set', identity: null, key: [], rules: [], outside: [] };
const rule = (name: string, path: string): Rule => ({ name, path, mode: 'ignore', reason: '' });

describe('a JSON pointer', () => {
  it.each<[string, string[] | null]>([
    ['', []],
    ['/', ['']],
    ['/a/b', ['a', 'b']],
    ['/a~1b/~0', ['a/b', '~']],
    ['/~01', ['~1']],
    ['a', null],
    ['/~2', null],
    ['/a~', null],
  ])('%j is %j', (pointer, segments) => {
    expect(pointerSegments(pointer)).toEqual(segments);
  });
});

describe('a shape', () => {
  it.each<[string, Partial<Shape>, string]>([
    [
      'a path without a slash',
      { rows: 'rows' },
      '"rows" is not a JSON pointer: write it like "/rows" or "/data/rows".',
    ],
    [
      'two rules of one name',
      { rules: [rule('a', '/x')], outside: [rule('a', '/y')] },
      'Two rules are called "a"; hits could not be told apart.',
    ],
    [
      'something outside a body that is one row',
      { rows: null, outside: [rule('a', '/x')] },
      'A body that is one row has nothing outside its rows.',
    ],
    ['rows in many places', { rows: '/*/rows' }, 'The rows are one array: no "*" in their pointer.'],
    [
      'a tolerance of nothing',
      { rules: [{ ...rule('a', '/x'), mode: 'tolerance' }] },
      'Rule "a" needs epsilon or withinMs, a number of at least 0.',
    ],
    [
      'a negative tolerance',
      { rules: [{ ...rule('a', '/x'), mode: 'tolerance', epsilon: -1 }] },
      'Rule "a" needs epsilon or withinMs, a number of at least 0.',
    ],
    [
      'a bad key of a set',
      { rules: [{ ...rule('a', '/x'), mode: 'set', key: 'k' }] },
      '"k" is not a JSON pointer: write it like "/rows" or "/data/rows".',
    ],
    [
      'too many rules',
      { rules: Array.from({ length: 65 }, (_, i) => rule(String(i), '/x')) },
      'At most 64 rules, got 65.',
    ],
    ['too many key fields', { key: Array.from({ length: 17 }, (_, i) => `/${i}`) }, 'At most 16 key fields, got 17.'],
    ['a path too deep', { key: ['/a'.repeat(17)] }, `"${'/a'.repeat(17)}" has more than 16 parts.`],
  ])('has a fault: %s', (_name, part, fault) => {
    expect(shapeFaults({ ...shape, ...part })).toEqual([fault]);
    expect(() => makePlan({ ...shape, ...part }, { seed: [1, 2] })).toThrow(fault);
  });

  it('without a fault makes a plan', () => {
    expect(shapeFaults(shape)).toEqual([]);
    expect(makePlan(shape, { seed: [1, 2], limits: { depthMax: 5 } }).limits).toMatchObject({
      depthMax: 5,
      rowsMax: 1_000_000,
    });
    expect(() => makePlan(shape, { seed: [1, 2], limits: { depthMax: 513 } })).toThrow('depthMax is at most 512');
  });

  it('refuses rules that multiply beyond bounds', () => {
    const stars = Array.from({ length: 14 }, (_, i) => rule(String(i), `${'/*'.repeat(i)}/a${'/*'.repeat(13 - i)}`));
    expect(() => makePlan({ ...shape, rules: stars }, { seed: [1, 2] })).toThrow('use fewer "*"');
  });
});
