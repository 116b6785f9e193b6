import { ApiProblem } from './api.js';
import { ranksOrWhyNot, ranksSentence, withRanks } from './ranks.js';
import { Problem } from '#libs/contracts/src/problem.js';

const moves = [
  { appId: 'a', appName: 'Ada', rank: { from: 3, to: 1 } },
  { appId: 'b', appName: 'Bob', rank: { from: 1, to: 2 } },
];
const ranks = { moves, unchanged: 4, frozen: null };

describe('the ranks of a preview, in a terminal', () => {
  it('are not known while their owner is away, on our side; anything else is an error', async () => {
    const away = new ApiProblem(new Problem('service-down', 'The leaderboard service is not running.', 'Wait.').document); // prettier-ignore
    const known = await ranksOrWhyNot(() => Promise.reject(away));
    expect(known).toEqual({ ranks: null, ranksProblem: away.document });
    expect(ranksSentence(known)).toBe(
      'Who would move on the board is not known now (our side). The leaderboard service is not running.',
    );
    const gone = new ApiProblem(new Problem('conflict', 'It was published.', 'Compare again.').document);
    await expect(ranksOrWhyNot(() => Promise.reject(gone))).rejects.toBe(gone);
  });

  it('are said in a sentence, also that the board which visitors see is another', () => {
    expect(ranksSentence({ ranks })).toBe('2 apps would move on the board, 4 keep their rank.');
    expect(ranksSentence({ ranks: { moves: [], unchanged: 6, frozen: { at: '2026-11-26T10:00:00.000Z' } } })).toBe(
      'Nobody would move on the board. That is the live board; visitors see it frozen at 2026-11-26 10:00:00 UTC.',
    );
  });

  it('stand in the line of their app; who moves only because of others has one of its own', () => {
    const lines = [
      { appId: 'a', cells: [['Ada'], ['in sync']] as const },
      { appId: 'c', cells: [['Cy'], ['in sync']] as const },
    ];
    expect(withRanks(lines, { ranks }, ({ appName }) => [[appName], ['because others move']])).toEqual([
      ['Ada', '3rd → 1st', 'in sync'],
      ['Cy', '', 'in sync'],
      ['Bob', '1st → 2nd', 'because others move'],
    ]);
  });
});
