import { seenIn, withSeen, worst } from './downtime.js';
import { figuresOf, noFigures, withFigures, type Figures } from './figures.js';
import { judge, judgedSince, type Judged, type SaidOfEndpoints } from './judged.js';
import { asCompared, overruled, type Overridden } from './override.js';
import type { ComparisonFailed, EndpointParity, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled } from '#libs/contracts/src/filler.js';
import type { Downtime } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { AppSubmitted } from '#libs/contracts/src/submission.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

/**
 * One app on the board. Life: unheard of (a verdict overtook the submission: known = false, not shown) → pending → judged …
 * → left (shown no more; joins again with a clean sheet).
 *
 * The events of an app come over three logs. Each keeps its order, and they overtake one another: whatever is older than the time of
 * joining counts for nothing, whether it comes before or after that time is known. So every part of a sheet knows its own time.
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
  /** When the verdict and its sentence were said: a second look says them too, and nothing else. */
  readonly saidAt: Date | null;
  /** As last judged, with the figures after it. */
  readonly endpoints: readonly EndpointParity[];
  readonly judged: Judged | null;
  readonly rowsDifferent: number;
  readonly acknowledged: number;
  readonly lostAfterAck: number;
  readonly refused: number;
  /** The newest parts with refused writes, oldest first. */
  readonly refusals: readonly Refusal[];
  readonly downtime: Downtime | null;
  /** Its worst window, which says the downtime, and those that are so when that one is too old. */
  readonly windows: readonly Downtime[];
  readonly recent: readonly Verdict[];
  /** When each of `recent` was computed. */
  readonly recentAt: readonly string[];
  readonly comparedAt: Date | null;
  readonly comparisonId: string | null;
  /** Since when every verdict has been in sync. */
  readonly inSyncSince: Date | null;
  readonly traceId: string | null;
  /** The figures before the comparison that is shown: what is left when staff say that it proves nothing. Null: none is shown. */
  readonly before: Figures | null;
  readonly overridden: Overridden | null;
}

export interface Refusal {
  readonly at: string;
  readonly writes: number;
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
  saidAt: null,
  endpoints: [],
  judged: null,
  rowsDifferent: 0,
  acknowledged: 0,
  lostAfterAck: 0,
  refused: 0,
  refusals: [],
  downtime: null,
  windows: [],
  recent: [],
  recentAt: [],
  comparedAt: null,
  comparisonId: null,
  inSyncSince: null,
  traceId: null,
  before: null,
  overridden: null,
});

/** A change of name or address keeps the time of joining, and the sheet with it. */
export function joined(standing: Standing, { name, team, url, joinedAt }: DataOf<typeof AppSubmitted>): Standing {
  const at = new Date(joinedAt);
  const isSameSheet = standing.known && at.getTime() === standing.joinedAt.getTime();
  const sheet = isSameSheet ? standing : sheetSince(standing, at);
  return { ...sheet, known: true, name, team, url, joinedAt: at, leftAt: null };
}

export const left = (standing: Standing, at: Date): Standing => ({ ...standing, leftAt: at });

/** Where a verdict came from: the trace that shows how. */
export interface Evidence {
  readonly traceId: string | null;
}

export function withParity(standing: Standing, data: DataOf<typeof ParityComputed>, { traceId }: Evidence): Standing {
  const computedAt = new Date(data.computedAt);
  if (isTooOld(standing, computedAt)) return standing;
  const said = { verdict: data.verdict, sentence: data.sentence, saidAt: computedAt };
  if (data.verdict === 'pending') return { ...standing, ...said };
  const ranked = rankedBy(standing, data);
  return {
    ...standing,
    ...afresh(standing),
    ...said,
    endpoints: data.endpoints,
    ...ranked,
    rowsDifferent: data.rowsDifferent,
    acknowledged: data.acknowledged,
    lostAfterAck: ranked.judged.lostAfterAck,
    ...remember(standing, data.verdict, data.computedAt),
    comparedAt: computedAt,
    comparisonId: data.comparisonId,
    traceId,
  };
}

/** What a verdict makes of that part of a sheet which decides the rank. */
export const rankedBy = (
  { judged, inSyncSince }: Pick<Standing, 'judged' | 'inSyncSince'>,
  data: SaidOfEndpoints & { readonly verdict: Verdict },
) => ({
  verdict: data.verdict,
  judged: judge(judged, data),
  inSyncSince: data.verdict === 'in-sync' ? (inSyncSince ?? new Date(data.computedAt)) : null,
});

/** We failed, or the baseline did: the app keeps everything it has; only the word on the board says that we do not know. */
export function withFailure(
  standing: Standing,
  data: DataOf<typeof ComparisonFailed>,
  { traceId }: Evidence,
): Standing {
  const computedAt = new Date(data.computedAt);
  if (isTooOld(standing, computedAt)) return standing;
  return {
    ...standing,
    ...afresh(standing),
    verdict: 'unknown',
    sentence: data.sentence,
    saidAt: computedAt,
    ...remember(standing, 'unknown', data.computedAt),
    comparedAt: computedAt,
    comparisonId: data.comparisonId,
    traceId,
  };
}

/** A comparison begins: it speaks for itself. Of the one before, what counts of it is left, that is what staff said of it if they did. */
function afresh(standing: Standing) {
  const lostAfterAck = standing.judged?.lostAfterAck ?? 0;
  return { before: { ...figuresOf(standing), lostAfterAck }, overridden: null, lostAfterAck };
}

export function withFill(standing: Standing, data: DataOf<typeof TargetFilled>): Standing {
  const writes = data.writes.filter((write) => write.outcome === 'refused').length;
  if (writes === 0 || isBeforeJoining(standing, new Date(data.endedAt))) return standing;
  const refusals = [...standing.refusals, { at: data.endedAt, writes }].slice(-recentMax);
  return { ...standing, refused: standing.refused + writes, refusals };
}

/** A window counts from when it was declared: one of an earlier life may be judged in the next. */
export function withWindow(standing: Standing, data: DataOf<typeof ProbeWindowClosed>): Standing {
  const seen = seenIn(data);
  if (isBeforeJoining(standing, new Date(seen.at))) return standing;
  const windows = withSeen(standing.windows, seen);
  return windows.includes(seen) ? { ...standing, windows, downtime: worst(windows) } : standing;
}

/** What remains of a sheet when its app joined at `at`: as if what is older had never been heard. */
function sheetSince(standing: Standing, at: Date): Standing {
  const own = ownSheetSince(asCompared(standing), at);
  return standing.overridden && own.comparisonId !== null ? overruled(own, standing.overridden) : own;
}

function ownSheetSince(standing: Standing, at: Date): Standing {
  const clean = unheardOf(standing.appId, at);
  const { comparedAt, saidAt, before } = standing;
  const first = standing.recentAt.findIndex((time) => new Date(time) >= at);
  const recent = first === -1 ? [] : standing.recent.slice(first);
  const recentAt = first === -1 ? [] : standing.recentAt.slice(first);
  const refusals = standing.refusals.filter((refusal) => new Date(refusal.at) >= at);
  const windows = standing.windows.filter((window) => new Date(window.at) >= at);
  const isCompared = comparedAt !== null && comparedAt >= at;
  const sheet: Standing = {
    ...clean,
    ...(saidAt !== null && saidAt >= at ? { verdict: standing.verdict, sentence: standing.sentence, saidAt } : {}),
    ...(isCompared ? { comparedAt, comparisonId: standing.comparisonId, traceId: standing.traceId } : {}),
    ...{ recent, recentAt, refusals, refused: refusals.reduce((sum, { writes }) => sum + writes, 0) },
    ...{ windows, downtime: worst(windows) },
    // The newest of the recent verdicts is that of the comparison that is shown.
    before: isCompared && before ? figuresSince(before, at, recentAt[recent.slice(0, -1).indexOf('in-sync')]) : null,
  };
  return withFigures(sheet, figuresSince(figuresOf(standing), at, recentAt[recent.indexOf('in-sync')]));
}

/** `firstInSync`: when a verdict first was, since then. */
function figuresSince(figures: Figures, at: Date, firstInSync: string | undefined): Figures {
  const { judged, inSyncSince } = figures;
  const still = judged && new Date(judged.at) >= at ? judgedSince(judged, at) : null;
  return {
    ...(still ? { ...figures, judged: still, lostAfterAck: still.lostAfterAck } : noFigures),
    // In sync since before it joined means: since the first verdict after that.
    inSyncSince: inSyncSince === null || new Date(inSyncSince) >= at ? inSyncSince : (firstInSync ?? null),
  };
}

type Times = Pick<Standing, 'known' | 'joinedAt' | 'comparedAt'>;

/** Said before what is shown, or before the app joined: then it counts for nothing. */
export const isTooOld = (sheet: Times, at: Date): boolean =>
  (sheet.comparedAt !== null && at < sheet.comparedAt) || isBeforeJoining(sheet, at);

const isBeforeJoining = (sheet: Pick<Times, 'known' | 'joinedAt'>, at: Date): boolean =>
  sheet.known && at < sheet.joinedAt;

const remember = ({ recent, recentAt }: Standing, verdict: Verdict, at: string) => ({
  recent: [...recent, verdict].slice(-recentMax),
  recentAt: [...recentAt, at].slice(-recentMax),
});
