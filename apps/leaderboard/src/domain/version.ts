import type { Judged } from './judged.js';
import { ranks } from './ranking.js';
import type { Standing } from './standing.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/**
 * What the board shows of one app, and what decides its rank: all that a board of the past needs of a standing. It is kept as JSON,
 * so its times are texts. The rank is not in it: that depends on the others, and is made anew from theirs.
 */
export interface Version extends Omit<BoardRow, 'rank'> {
  readonly judged: Omit<Judged, 'byPath'> | null;
}

/** Null: the app is not on the board. */
export function versionOf(standing: Standing): Version | null {
  if (!standing.known || standing.leftAt !== null) return null;
  const { appId, name, team, url, verdict, sentence, endpoints, rowsDifferent, acknowledged } = standing;
  const { lostAfterAck, refused, downtime, recent, comparisonId, traceId } = standing;
  return {
    ...{ appId, name, team, url, verdict, sentence, endpoints: [...endpoints], rowsDifferent, acknowledged },
    ...{ lostAfterAck, refused, downtime, recent: [...recent], comparisonId, traceId },
    comparedAt: standing.comparedAt?.toISOString() ?? null,
    inSyncSince: standing.inSyncSince?.toISOString() ?? null,
    joinedAt: standing.joinedAt.toISOString(),
    judged: standing.judged && withoutPaths(standing.judged),
    ...(standing.overridden && { override: standing.overridden.shown }),
  };
}

const withoutPaths = ({ at, endpointsInSync, endpoints, lostAfterAck }: Judged): Version['judged'] => ({
  ...{ at, endpointsInSync, endpoints, lostAfterAck },
});

/** How an app came to be shown, and since when that was known. */
export interface KnownVersion {
  readonly appId: string;
  readonly knownAt: Date;
  readonly version: Version | null;
}

/**
 * The board as of a time: of each app the newest version that was known then, ranked as the live board is, best first. Versions of
 * one app are given in the order in which they became known.
 */
export function boardAt(versions: readonly KnownVersion[], at: Date): BoardRow[] {
  const shown = new Map<string, Version | null>();
  for (const { appId, knownAt, version } of versions) if (knownAt <= at) shown.set(appId, version);
  const rows = [...shown.values()].filter((version) => version !== null);
  const rankOf = ranks(
    rows.map(({ judged, inSyncSince, ...row }) => ({
      ...row,
      judged: judged && { ...judged, byPath: {} },
      inSyncSince: inSyncSince === null ? null : new Date(inSyncSince),
    })),
  );
  return rows.map(({ judged: _, ...row }) => ({ ...row, rank: rankOf.get(row.appId) ?? null })).toSorted(bestFirst);
}

/** Ranked first, then by time of joining: the order of every board. */
const bestFirst = (a: BoardRow, b: BoardRow): number =>
  (a.rank ?? Infinity) - (b.rank ?? Infinity) || a.joinedAt.localeCompare(b.joinedAt) || a.appId.localeCompare(b.appId);
