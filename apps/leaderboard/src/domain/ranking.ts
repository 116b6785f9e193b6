import type { Standing } from './standing.js';

/** The part of a standing that decides its rank. */
export type Ranked = Pick<Standing, 'appId' | 'verdict' | 'judged' | 'inSyncSince'>;

/**
 * Rank of every app that has been judged; ties share, and the next rank counts them. Order: more endpoints in sync, fewer rows
 * acknowledged and lost, fresh before unknown, earlier lasting in-sync.
 */
export function ranks(standings: readonly Ranked[]): Map<string, number> {
  const judged = standings.filter((standing) => standing.judged !== null).toSorted(compare);
  const result = new Map<string, number>();
  judged.forEach((standing, index) => {
    const before = judged[index - 1];
    const shared = before && compare(before, standing) === 0 ? result.get(before.appId) : undefined;
    result.set(standing.appId, shared ?? index + 1);
  });
  return result;
}

const compare = (a: Ranked, b: Ranked): number =>
  b.judged!.endpointsInSync - a.judged!.endpointsInSync ||
  a.judged!.lostAfterAck - b.judged!.lostAfterAck ||
  Number(a.verdict === 'unknown') - Number(b.verdict === 'unknown') ||
  (a.inSyncSince?.getTime() ?? Infinity) - (b.inSyncSince?.getTime() ?? Infinity) ||
  0;
