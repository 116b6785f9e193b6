import { sentence } from './sentence.js';
import { downText } from '#libs/contracts/src/downtime-words.js';
import type { PreflightLine, PreflightState } from '#libs/contracts/src/preflight.js';

/** What went wrong on the way to an answer, in the words of egress. */
export interface Trouble {
  readonly sentence: string;
  readonly fix: string;
}

/** How the write went: acknowledged, refused, left without an answer that says what became of it, or kept from leaving by our side. */
export interface TrialAnswer {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown' | 'ours';
  readonly status: number | null;
  readonly trouble: Trouble | null;
  readonly ms: number;
}

/** One look at the list. */
export interface TrialLook {
  readonly outcome: 'shown' | 'absent' | 'failed' | 'ours';
  readonly status: number | null;
  readonly trouble: Trouble | null;
  /** Begun so long after the write had its answer. */
  readonly afterMs: number;
}

export interface TrialSeen {
  /** Null: it was sent in an earlier life, and nobody saw its answer. */
  readonly write: TrialAnswer | null;
  /** In their order; none after the one that shows it. */
  readonly looks: readonly TrialLook[];
}

/** Not one of a fill: the marker is drawn by nothing that a fill draws by, and no fill obliges anybody to have it. */
export const trialText = (marker: string): string => `Lockstep pre-flight ${marker}`;

/** What a trial write has shown. Our own failures say nothing about the app. */
export function lineOf({ write, looks }: TrialSeen): PreflightLine {
  const ms = write ? Math.round(write.ms) : null;
  const line = (state: PreflightState, text: string, next: string | null): PreflightLine => ({
    ...{ check: 'write', state, ms, next: next && sentence(next), sentence: sentence(text) },
  });
  if (write?.outcome === 'ours') return oursLine(write.trouble?.sentence ?? 'The entry could not be sent.', ms);
  if (write?.outcome === 'refused') return line('failed', saidOf(write), fixOf(write));
  const last = looks.at(-1);
  if (!last || last.outcome === 'ours') return oursLine(last?.trouble?.sentence ?? 'Nobody looked for the entry.', ms);
  if (last.outcome === 'shown') return line(...shownLine(write, looks, last));
  if (!write) return oursLine('It was interrupted while it sent the entry, which is not in the list.', ms);
  const where = last.outcome === 'failed' ? `its list could not be read: ${bare(saidOf(last))}` : absentText(last);
  if (write.outcome === 'unknown') return line('failed', `${bare(saidOf(write))}, and ${where}.`, fixOf(write));
  const next = last.outcome === 'failed' ? (last.trouble?.fix ?? listContract) : lostFix;
  return line('failed', `An entry was acknowledged in ${downText(ms!)}, but ${where}.`, next);
}

/** For what our side could not find out. */
export const oursLine = (why: string, ms: number | null = null): PreflightLine => ({
  ...{ check: 'write', state: 'unknown', ms, sentence: sentence(`Our side failed. ${why}`) },
  next: 'Nothing to do for the app. Start the pre-flight again.',
});

type Words = [state: PreflightState, text: string, next: string | null];

function shownLine(write: TrialAnswer | null, looks: readonly TrialLook[], shown: TrialLook): Words {
  if (!write) return ['passed', 'The entry is in its list. Its answer was not seen: our side was interrupted.', null];
  if (write.outcome === 'unknown') return ['warned', `${bare(saidOf(write))}, but the entry is in its list.`, contract];
  const acknowledged = `An entry was acknowledged in ${downText(Math.round(write.ms))}`;
  // A look that our side could not take does not make an app late.
  const isLate = looks.some(({ outcome }) => outcome === 'absent' || outcome === 'failed');
  if (!isLate) return ['passed', `${acknowledged} and is in its list.`, null];
  const lateText = downText(Math.round(shown.afterMs));
  return ['warned', `${acknowledged} and is in its list only ${lateText} later: pending verdicts are likely.`, lateFix];
}

const absentText = ({ afterMs }: TrialLook): string =>
  `the entry is not in its list after ${downText(Math.round(afterMs))}`;

/** What an answer other than the one hoped for says. */
function saidOf({ status, trouble }: Pick<TrialAnswer, 'status' | 'trouble'>): string {
  if (trouble) return trouble.sentence;
  if (status === null) return 'It did not answer.';
  if (status >= 300 && status <= 399) return `It answered ${status}, a redirect, which is never followed.`;
  if (status >= 200 && status <= 299) return `It answered ${status}, but did not say that it took the entry.`;
  return `It answered ${status} instead of 200.`;
}

const fixOf = ({ status, trouble }: TrialAnswer): string =>
  trouble?.fix ?? (status !== null && status >= 300 && status <= 399 ? redirectFix : contract);

const bare = (text: string): string => text.replace(/\.$/, '');

const contract =
  'POST /api/journal/entries must answer 200 with {"ok":true,"entry":{…}} once the entry is stored, as the reference app does.';
const listContract = 'GET /api/journal/entries/all must answer 200 with the newest entries first.';
const redirectFix = 'Give the URL that it leads to, or answer under the one that you gave.';
const lostFix =
  'Acknowledge an entry when it is stored, not before; and read the list from where it was written. As it is, it would count as lost.';
const lateFix = 'Store the entry before you acknowledge it, and read the list from where it was written.';
