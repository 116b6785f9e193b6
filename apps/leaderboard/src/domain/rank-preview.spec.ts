import fc from 'fast-check';
import { rankMoves } from './rank-preview.js';
import { ranks } from './ranking.js';
import { joined, unheardOf, withFailure, withParity, type Standing } from './standing.js';
import type { PreviewedVerdict } from '#libs/contracts/src/board-preview.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { ParityComputed } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

// Goal: what a preview says of ranks is what the board shows once the same is said; and what has no time yet disturbs nobody else.
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const evidence = { traceId: null };
const paths = ['/p', '/q'];

interface Said {
  readonly minute: number;
  readonly verdict: Verdict;
  readonly lost: number;
}
const endpointsOf = ({ verdict, lost }: Said) =>
  paths.map((path, index) => ({
    ...{ path, verdict: index === 0 ? verdict : ('in-sync' as const) },
    missing: index === 0 && verdict === 'out-of-sync' ? lost : 0,
  }));
const previewed = (appId: string, said: Said): PreviewedVerdict => ({
  ...{ appId, verdict: said.verdict, endpoints: endpointsOf(said), computedAt: at(said.minute) },
});

/** As it is heard. */
function heard(standing: Standing, said: Said): Standing {
  const { verdict, minute } = said;
  const head = { comparisonId: `c${minute}`, batchId: 'b', appId: standing.appId, trigger: 'staff' } as const;
  const when = { sentence: verdict, computedAt: at(minute) };
  if (verdict === 'unknown') return withFailure(standing, { ...head, ...when, side: 'ours' }, evidence);
  const data: DataOf<typeof ParityComputed> = {
    ...{ ...head, ...when, verdict, rowsDifferent: 0, acknowledged: 9, lostAfterAck: 0, looks: 1 },
    endpoints: endpointsOf(said).map((one) => ({
      ...{ ...one, label: one.path, matched: 1, changed: 0, doubled: 0, outside: 0, note: null },
    })),
  };
  return withParity(standing, data, evidence);
}

const appOf = (appId: string, joinedAt: number, history: readonly Said[]): Standing =>
  history.reduce(
    heard,
    joined(unheardOf(appId, new Date(at(0))), {
      ...{ appId, name: `App ${appId}`, team: null, url: 'https://a.example', joinedAt: at(joinedAt) },
      isPseudonym: false,
    }),
  );
const inSync = (minute: number): Said => ({ minute, verdict: 'in-sync', lost: 0 });
const lossy = (minute: number, lost = 3): Said => ({ minute, verdict: 'out-of-sync', lost });
const timeless = (appId: string, said: Said): PreviewedVerdict => {
  const { computedAt: _, ...rest } = previewed(appId, said);
  return rest;
};

describe('who would move on the board', () => {
  const board = [appOf('a', 0, [inSync(1)]), appOf('b', 0, [inSync(2)]), appOf('c', 0, [lossy(3)]), appOf('n', 0, [])];

  it('is told with the place of now and then, those included that move only because others do', () => {
    expect(rankMoves(board, [previewed('a', lossy(9, 5))])).toEqual({
      moves: [
        { appId: 'b', appName: 'App b', rank: { from: 2, to: 1 } },
        { appId: 'c', appName: 'App c', rank: { from: 3, to: 2 } },
        { appId: 'a', appName: 'App a', rank: { from: 1, to: 3 } },
      ],
      unchanged: 0,
    });
    expect(rankMoves(board, [previewed('n', inSync(9))])).toEqual({
      moves: [
        { appId: 'n', appName: 'App n', rank: { from: null, to: 3 } },
        { appId: 'c', appName: 'App c', rank: { from: 3, to: 4 } },
      ],
      unchanged: 2,
    });
  });

  it('is nobody by what is older than what is shown, of another life, or of somebody who is not there', () => {
    const late = appOf('l', 8, [lossy(9)]);
    const old = [previewed('c', inSync(2)), previewed('l', inSync(7)), previewed('x', inSync(9))];
    expect(rankMoves([...board, late], old)).toEqual({ moves: [], unchanged: 4 });
    expect(rankMoves([], [previewed('a', inSync(1)), timeless('b', inSync(1))])).toEqual({ moves: [], unchanged: 0 });
  });

  it('puts who is in sync by what has no time yet behind all who were before, and makes nobody stale by it', () => {
    const all = [...board, appOf('e', 0, [inSync(9)]), appOf('d', 0, [lossy(3, 2)]), appOf('s', -120, [inSync(-90)])];
    expect(rankMoves(all, [timeless('c', inSync(0))])).toEqual({
      moves: [
        { appId: 'c', appName: 'App c', rank: { from: 5, to: 4 } },
        { appId: 'd', appName: 'App d', rank: { from: 4, to: 5 } },
      ],
      unchanged: 4,
    });
    expect(rankMoves(board, [timeless('c', lossy(0, 0)), timeless('b', lossy(0, 1))]).moves).toEqual([
      { appId: 'c', appName: 'App c', rank: { from: 3, to: 2 } },
      { appId: 'b', appName: 'App b', rank: { from: 2, to: 3 } },
    ]);
  });

  it('is what the board shows when the same is said', () => {
    const verdicts = fc.constantFrom<Verdict>('in-sync', 'out-of-sync', 'unreachable', 'pending', 'unknown');
    const said = fc.record({ minute: fc.integer({ min: 0, max: 150 }), verdict: verdicts, lost: fc.nat({ max: 2 }) });
    const app = fc.record({
      joinedAt: fc.integer({ min: 0, max: 40 }),
      history: fc.array(said, { maxLength: 4 }),
      last: fc.option(said),
    });
    const property = fc.property(fc.array(app, { maxLength: 6 }), (apps) => {
      const before = apps.map(({ joinedAt, history }, index) => appOf(String(index), joinedAt, history));
      const after = before.map((standing, index) =>
        apps[index]!.last ? heard(standing, apps[index]!.last) : standing,
      );
      const news = apps.flatMap(({ last }, index) => (last ? [previewed(String(index), last)] : []));
      const { moves, unchanged } = rankMoves(before, news);
      const [from, to] = [ranks(before), ranks(after)];
      const changed = [...to].filter(([appId, rank]) => from.get(appId) !== rank);
      const told = moves.map(({ appId, rank }) => [appId, rank.from, rank.to]);
      const shown = changed.map(([appId, rank]) => [appId, from.get(appId) ?? null, rank]);
      expect([told.toSorted(), unchanged]).toEqual([shown.toSorted(), to.size - changed.length]);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
