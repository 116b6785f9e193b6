import { BoardCopy } from './board-copy.js';
import type { BoardChanges, BoardRow } from '#libs/contracts/src/leaderboard.js';

const row = (appId: string, rank: number | null = null): BoardRow => ({
  ...{
    appId,
    name: appId,
    team: null,
    url: 'http://x.example',
    rank,
    verdict: 'pending',
    sentence: '',
    endpoints: [],
    rowsDifferent: 0,
  },
  ...{
    acknowledged: 0,
    lostAfterAck: 0,
    refused: 0,
    downtime: null,
    recent: [],
    comparedAt: null,
    comparisonId: null,
    inSyncSince: null,
  },
  ...{ joinedAt: '2026-11-20T10:00:00.000Z', traceId: null },
});
const page = (revision: number, rows: BoardRow[], left: string[] = []): BoardChanges => ({
  revision,
  rows,
  left,
  fill: { open: null, last: null },
  more: false,
  frozen: null,
  since: '2026-11-20T09:00:00.000Z',
});
const quiet = { timers: { fill: null, compare: null }, missing: [], log: [] };

describe('the copy of the board', () => {
  it('gives a reader who comes back exactly what changed after his revision', () => {
    const copy = new BoardCopy();
    copy.apply([page(3, [row('a'), row('b')])], quiet);
    copy.apply([page(5, [row('b', 1)], ['a'])], quiet);
    expect(copy.updateAfter(3)).toMatchObject({
      reset: false,
      revision: 5,
      rows: [{ appId: 'b', rank: 1 }],
      left: ['a'],
    });
    expect(copy.updateAfter(5)).toMatchObject({ rows: [], left: [] });
  });

  it('says nothing when nothing visible changed', () => {
    const copy = new BoardCopy();
    copy.apply([page(3, [row('a')])], quiet);
    expect(copy.apply([page(3, [])], quiet)).toBeUndefined();
    expect(copy.apply([], { ...quiet, missing: ['leaderboard'] })).toMatchObject({
      missing: ['leaderboard'],
      rows: [],
    });
  });

  it('shows ranked apps first, in rank order', () => {
    const copy = new BoardCopy();
    copy.apply([page(1, [row('n'), row('two', 2), row('one', 1)])], quiet);
    expect(copy.view().rows.map((one) => one.appId)).toEqual(['one', 'two', 'n']);
  });

  it('takes back an app that left and returned', () => {
    const copy = new BoardCopy();
    copy.apply([page(1, [row('a')]), page(2, [], ['a']), page(3, [row('a')])], quiet);
    expect(copy.updateAfter(1)).toMatchObject({ rows: [{ appId: 'a' }], left: [] });
  });
});
