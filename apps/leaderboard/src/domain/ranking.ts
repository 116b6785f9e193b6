import { placeOf } from './downtime.js';
import type { Standing } from './standing.js';

/** The part of a standing that decides its rank. */
export type Ranked = Pick<Standing, 'appId' | 'verdict' | 'judged' | 'refused' | 'downtime' | 'inSyncSince'>;

/**
 * Whether ranks may differ after this change of one standing. Who has not been judged has no rank, so most of what happens to a
 * newcomer moves nobody.
 */
export function movesRanks(before: Standing, after: Standing): boolean {
  if (before.judged === null && after.judged === null) return false;
  const isOn = ({ known, leftAt }: Standing) => known && leftAt === null;
  return (
    before.judged !== after.judged ||
    before.verdict !== after.verdict ||
    before.refused !== after.refused ||
    placeOf(before.downtime) !== placeOf(after.downtime) ||
    before.inSyncSince?.getTime() !== after.inSyncSince?.getTime() ||
    isOn(before) !== isOn(after)
  );
}

/** What was judged so long before the newest judgement of all is stale. */
const staleAfterMs = 3_600_000;

/**
 * Rank of every app that has been judged; ties share, and the next rank counts them. Order: fresh before unknown or stale, more
 * endpoints in sync, fewer rows acknowledged and lost, less downtime (see downtime.ts), fewer writes refused (as it was down
 * when no window was open), earlier lasting in-sync.
 */
export function ranks(standings: readonly Ranked[]): Map<string, number> {
  const all = standings.filter((standing) => standing.judged !== null);
  const newestMs = newestJudgementMs(all);
  const isOld = ({ verdict, judged }: Ranked) =>
    verdict === 'unknown' || Date.parse(judged!.at) < newestMs - staleAfterMs;
  const compare = (a: Ranked, b: Ranked): number => Number(isOld(a)) - Number(isOld(b)) || compareJudged(a, b);
  const result = new Map<string, number>();
  all.toSorted(compare).forEach((standing, index, sorted) => {
    const before = sorted[index - 1];
    const shared = before && compare(before, standing) === 0 ? result.get(before.appId) : undefined;
    result.set(standing.appId, shared ?? index + 1);
  });
  return result;
}

/** When something on the board was judged last; -Infinity: nothing was yet. */
export const newestJudgementMs = (standings: readonly Pick<Ranked, 'judged'>[]): number =>
  standings.reduce((newest, { judged }) => (judged ? Math.max(newest, Date.parse(judged.at)) : newest), -Infinity);

const compareJudged = (a: Ranked, b: Ranked): number =>
  b.judged!.endpointsInSync - a.judged!.endpointsInSync ||
  a.judged!.lostAfterAck - b.judged!.lostAfterAck ||
  placeOf(a.downtime) - placeOf(b.downtime) ||
  a.refused - b.refused ||
  (a.inSyncSince?.getTime() ?? Infinity) - (b.inSyncSince?.getTime() ?? Infinity) ||
  0;
