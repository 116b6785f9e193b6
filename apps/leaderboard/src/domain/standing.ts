import type { ComparisonFailed, EndpointParity, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled } from '#libs/contracts/src/filler.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { AppSubmitted } from '#libs/contracts/src/submission.js';

/** What was last really judged: pending and unknown leave it as it is. It decides the rank. */
export interface Judged {
  readonly endpointsInSync: number;
  readonly endpoints: number;
  readonly lostAfterAck: number;
}

/**
 * One app on the board. Life: unheard of (a verdict overtook the submission: known = false, not shown) → pending → judged …
 * → left (shown no more; joins again with a clean sheet).
 */
export interface Standing {
  readonly appId: string;
  readonly known: boolean;
  readonly name: string;
  readonly team: string | null;
  readonly url: string;
  readonly joinedAt: Date;
  readonly leftAt: Date | null;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly endpoints: readonly EndpointParity[];
  readonly judged: Judged | null;
  readonly rowsDifferent: number;
  readonly acknowledged: number;
  readonly lostAfterAck: number;
  readonly refused: number;
  readonly recent: readonly Verdict[];
  readonly comparedAt: Date | null;
  readonly comparisonId: string | null;
  /** Since when every verdict has been in sync. */
  readonly inSyncSince: Date | null;
  readonly traceId: string | null;
}

const recentMax = 20;

export const unheardOf = (appId: string, at: Date): Standing => ({
  appId,
  known: false,
  name: '',
  team: null,
  url: '',
  joinedAt: at,
  leftAt: null,
  verdict: 'pending',
  sentence: 'Not compared yet.',
  endpoints: [],
  judged: null,
  rowsDifferent: 0,
  acknowledged: 0,
  lostAfterAck: 0,
  refused: 0,
  recent: [],
  comparedAt: null,
  comparisonId: null,
  inSyncSince: null,
  traceId: null,
});

export function joined(standing: Standing, { name, team, url, joinedAt }: DataOf<typeof AppSubmitted>): Standing {
  const at = new Date(joinedAt);
  const again = standing.leftAt !== null ? unheardOf(standing.appId, at) : standing;
  return { ...again, known: true, name, team, url, joinedAt: at };
}

export const left = (standing: Standing, at: Date): Standing => ({ ...standing, leftAt: at });

/** Where a verdict came from: its time and the trace that shows how. */
export interface Evidence {
  readonly traceId: string | null;
}

export function withParity(standing: Standing, data: DataOf<typeof ParityComputed>, { traceId }: Evidence): Standing {
  const computedAt = new Date(data.computedAt);
  if (isOlder(standing, computedAt)) return standing;
  const pending = data.verdict === 'pending';
  const judged = pending ? standing.judged : judge(data);
  const inSyncSince = pending
    ? standing.inSyncSince
    : data.verdict === 'in-sync'
      ? (standing.inSyncSince ?? computedAt)
      : null;
  return {
    ...standing,
    verdict: data.verdict,
    sentence: data.sentence,
    endpoints: data.endpoints,
    judged,
    rowsDifferent: data.rowsDifferent,
    acknowledged: data.acknowledged,
    lostAfterAck: data.lostAfterAck,
    recent: pending ? standing.recent : remember(standing.recent, data.verdict),
    comparedAt: computedAt,
    comparisonId: data.comparisonId,
    inSyncSince,
    traceId,
  };
}

/** We failed, or the baseline did: the app keeps everything it has; only the word on the board says that we do not know. */
export function withFailure(
  standing: Standing,
  data: DataOf<typeof ComparisonFailed>,
  { traceId }: Evidence,
): Standing {
  const computedAt = new Date(data.computedAt);
  if (isOlder(standing, computedAt)) return standing;
  return {
    ...standing,
    verdict: 'unknown',
    sentence: data.sentence,
    recent: remember(standing.recent, 'unknown'),
    comparedAt: computedAt,
    comparisonId: data.comparisonId,
    traceId,
  };
}

export function withFill(standing: Standing, data: DataOf<typeof TargetFilled>): Standing {
  const refused = data.writes.filter((write) => write.outcome === 'refused').length;
  return refused === 0 ? standing : { ...standing, refused: standing.refused + refused };
}

const judge = (data: DataOf<typeof ParityComputed>): Judged => ({
  endpointsInSync: data.endpoints.filter((endpoint) => endpoint.verdict === 'in-sync').length,
  endpoints: data.endpoints.length,
  lostAfterAck: data.lostAfterAck,
});

const isOlder = (standing: Standing, at: Date): boolean => standing.comparedAt !== null && at < standing.comparedAt;

const remember = (recent: readonly Verdict[], verdict: Verdict): Verdict[] => [...recent, verdict].slice(-recentMax);
