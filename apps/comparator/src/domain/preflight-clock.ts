import { lineOf, type PreflightRead } from './preflight-seen.js';
import type { PreflightLine } from '#libs/contracts/src/preflight.js';

/** A clock that is off by less agrees with ours. */
const agreesMs = 2_000;
/** From here on nobody can say which day an app counts a row for: figures by days are not judged (`stats-judge.ts`). */
const notJudgedMs = 120_000;
/** A `Date` header tells whole seconds, cut off. */
const cutMs = 999;

const setIt = 'Let the host set its clock by NTP.';

/** Its clock beside ours, by all answers that came. */
export function clockLine(reads: readonly PreflightRead[]): PreflightLine {
  const answered = reads.filter(({ failed }) => failed === null);
  if (answered.length === 0) return lineOf('clock', 'skipped', 'Not looked at, as no endpoint could be read.');
  const told = answered.flatMap((read) => (read.clock === null ? [] : [aheadMs(read.clock, read)]));
  // A warning, as it costs something: without a clock figures by days are never judged, so they prove nothing for the app either.
  if (told.length === 0)
    return lineOf('clock', 'warned', 'It sends no Date header, so its statistics of days cannot be judged.', {
      next: 'Let the server send a Date header; most do unless it is switched off.',
    });
  const ahead = told.reduce((least, ms) => (Math.abs(ms) < Math.abs(least) ? ms : least));
  const off = Math.abs(ahead);
  if (off <= agreesMs) return lineOf('clock', 'passed', 'Its clock agrees with ours.');
  const by = `Its clock is ${inWords(off)} ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
  if (off > notJudgedMs)
    return lineOf('clock', 'warned', `${by}: its statistics of days are not judged.`, { next: setIt });
  return lineOf('clock', 'warned', `${by}: rows written around midnight may count for another day.`, { next: setIt });
}

/** At the least; it may have told the time at any moment between question and answer. */
function aheadMs(clock: string, { askedAt, answeredAt }: PreflightRead): number {
  const told = Date.parse(clock);
  if (told > answeredAt) return told - answeredAt;
  return Math.min(0, told + cutMs - askedAt);
}

function inWords(ms: number): string {
  if (ms < notJudgedMs) return `${Math.round(ms / 1_000)} s`;
  if (ms < 2 * 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 2 * 86_400_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} days`;
}
