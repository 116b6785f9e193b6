import { entryRows, moodRows, rowLimit } from './row-limit.js';

describe('?limit=', () => {
  it.each([
    [undefined, 30],
    ['', 30],
    ['abc', 30],
    ['0', 30],
    ['2', 2],
    ['2.9', 2],
    ['7rows', 7],
    ['-5', 1],
    ['100', 100],
    ['101', 100],
    ['99999999999', 100],
    [['1', '2'], 1],
  ])('%p asks for %p moods', (query, rows) => {
    expect(rowLimit(query, moodRows)).toBe(rows);
  });

  it('gives 50 entries when nothing is asked, and 200 at most', () => {
    expect(rowLimit(undefined, entryRows)).toBe(50);
    expect(rowLimit('5000', entryRows)).toBe(200);
  });
});
