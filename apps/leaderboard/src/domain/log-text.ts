import type { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import type { VerdictOverridden } from '#libs/contracts/src/overrides.js';
import type { LogLine } from '#libs/contracts/src/leaderboard.js';
import type { FillRequested } from '#libs/contracts/src/submission.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

/** One line of the log, before it has a number. */
export type LogText = Pick<LogLine, 'level' | 'text'>;

export const joinedText = (name: string, again: boolean): LogText => ({
  level: 'info',
  text: again ? `${name} changed its name or address.` : `${name} joined.`,
});
export const leftText = (name: string): LogText => ({ level: 'info', text: `${name || 'An app'} was withdrawn.` });

export const fillText = ({ number, targets, reason, by }: DataOf<typeof FillRequested>): LogText => ({
  level: 'info',
  text: `Fill ${number} started: ${plural(targets.length, 'app')}, the baseline included${reason === 'staff' ? `, asked for by ${by}` : ''}.`,
});

/**
 * `name`: of the target as it is called now; the fill may have begun when it was called otherwise. Canaries are not counted: of the same
 * fill everybody is told the same number of writes.
 */
export function filledText(name: string, data: DataOf<typeof TargetFilled>): LogText {
  const writes = data.writes.filter((write) => !write.canary);
  const counts = countOutcomes(writes);
  const parts = [
    `${counts.acknowledged} of ${writes.length} writes acknowledged`,
    ...(counts.refused ? [`${counts.refused} refused`] : []),
    ...(counts.unknown ? [`${counts.unknown} unknown`] : []),
    ...(counts.skipped ? [`${counts.skipped} not sent`] : []),
  ];
  const text = `[${name || shortId(data.targetId)}] ${data.driver}: ${parts.join(', ')}${data.note ? `. ${data.note}` : '.'}`;
  return { level: data.outcome === 'filled' ? 'info' : 'warning', text };
}

const countOutcomes = (writes: DataOf<typeof TargetFilled>['writes']) => {
  const count = (outcome: string) => writes.filter((write) => write.outcome === outcome).length;
  return {
    acknowledged: count('acknowledged'),
    refused: count('refused'),
    unknown: count('unknown'),
    skipped: count('skipped'),
  };
};

export const closedText = ({ number, filled, partly, givenUp }: DataOf<typeof FillClosed>): LogText => ({
  level: partly + givenUp === 0 ? 'good' : 'warning',
  text: `Fill ${number} closed: ${filled} filled${partly ? `, ${partly} in part` : ''}${givenUp ? `, ${givenUp} given up` : ''}.`,
});

export const frozenText = (by: string): LogText => ({
  level: 'warning',
  text: `The scoreboard was frozen by ${by}: what comes after is shown to staff only.`,
});
export const thawedText = (by: string): LogText => ({ level: 'info', text: `The scoreboard was thawed by ${by}.` });

const levelOf = {
  'in-sync': 'good',
  'out-of-sync': 'bad',
  unreachable: 'warning',
  unknown: 'warning',
  pending: 'info',
} as const;
export const parityText = (name: string, data: DataOf<typeof ParityComputed>): LogText => ({
  level: levelOf[data.verdict],
  text: `[${name || shortId(data.appId)}] ${data.sentence}`,
});
export const failureText = (name: string, data: DataOf<typeof ComparisonFailed>): LogText => ({
  level: 'warning',
  text: `[${name || shortId(data.appId)}] ${data.sentence}`,
});

export function overrideText(name: string, data: DataOf<typeof VerdictOverridden>): LogText {
  const { verdict, by, reason, sentence, machine } = data;
  const said = verdict === null ? `${by} took back a verdict: ${reason} Again: ${sentence}` : `${sentence} (${by})`;
  return { level: levelOf[verdict ?? machine.verdict], text: `[${name || shortId(data.appId)}] ${said}` };
}

const proofLooks = {
  proven: ['good', 'proven'],
  'not-proven': ['warning', 'not proven'],
  violated: ['bad', 'violated'],
} as const;
export function windowText(name: string, { appId, verdict, reasons }: DataOf<typeof ProbeWindowClosed>): LogText {
  const [level, word] = proofLooks[verdict];
  return { level, text: `[${name || shortId(appId)}] Zero downtime ${word}. ${reasons[0] ?? ''}`.trim() };
}

/** A verdict may come before the submission that names its app. */
const shortId = (appId: string): string => `app ${appId.slice(-8)}`;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
