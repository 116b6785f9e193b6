import { ordinal, rankText, ranksText } from './rank-words.js';

describe('a rank in words', () => {
  it('counts as people do', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual(
      ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th'], // prettier-ignore
    );
  });

  it('is summed up, in the singular too', () => {
    const moves = Array.from({ length: 2 }, () => ({ appId: 'a', appName: 'Ada', rank: { from: 2, to: 1 } }));
    expect([0, 1, 2].map((n) => ranksText({ moves: moves.slice(0, n), unchanged: n }))).toEqual([
      'Nobody would move on the board.',
      '1 app would move on the board, 1 keeps its rank.',
      '2 apps would move on the board, 2 keep their rank.',
    ]);
    expect(ranksText({ moves, unchanged: 0 })).toBe('2 apps would move on the board.');
  });

  it('says from where to where, also of who had none', () => {
    expect([rankText({ from: 3, to: 1 }), rankText({ from: null, to: 4 })]).toEqual(['3rd → 1st', 'no rank → 4th']);
  });
});
