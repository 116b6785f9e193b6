import type { Endpoint } from './endpoints.js';
import type { Difference, EndpointLook } from './look.js';
import { clockLine } from './preflight-clock.js';
import { addressLine, notLookedAt, reachOf, redirectFix, redirectSentence } from './preflight-reach.js';
import { askAgain, lineOf, type PreflightSeen } from './preflight-seen.js';
import type { PreflightCheck, PreflightLine } from '#libs/contracts/src/preflight.js';

/** What the comparator says of an app: all lines but that of the trial write. */
export interface PreflightLines {
  readonly lines: PreflightLine[];
  /** Everything that this lab compares could be read and has the right shape. */
  readonly isReadable: boolean;
}

const endpointChecks = {
  mood: 'moods',
  entry: 'entries',
  stats: 'stats',
  value: 'values',
} as const satisfies Record<Endpoint['kind'], PreflightCheck>;
const laterChecks: readonly PreflightCheck[] = [...Object.values(endpointChecks), 'clock'];

export function preflightLines({ url, reads, looks }: PreflightSeen): PreflightLines {
  const reach = reachOf(url, reads);
  if (!reach.isReached) {
    const rest = laterChecks.map((check) => notLookedAt(check, reach.isOurs));
    return { lines: [...reach.lines, ...rest], isReadable: false };
  }
  const judged = reads.map(({ endpoint, fix }) => {
    const look = looks.find(({ path }) => path === endpoint.path);
    return { kind: endpoint.kind, look, line: look && endpointLine({ endpoint, look, fix }) };
  });
  const lines = Object.entries(endpointChecks).map(
    ([kind, check]) =>
      judged.find((one) => one.kind === kind)?.line ?? lineOf(check, 'skipped', 'This lab does not compare it.'),
  );
  const isReadable = judged.every(({ look }) => look?.state === 'judged');
  return { lines: [...reach.lines, ...lines, clockLine(reads)], isReadable };
}

/** What is left to say when our side could not look at all, or not to the end. */
export const linesOfOurFailure = (url: string, why: string): PreflightLines => ({
  lines: [
    addressLine(url),
    ...(['name', 'answers', ...laterChecks] as const).map((check) =>
      lineOf(check, 'unknown', `Our side failed: ${why}`, { next: askAgain }),
    ),
  ],
  isReadable: false,
});

interface Judged {
  readonly endpoint: Endpoint;
  readonly look: EndpointLook;
  readonly fix: string | null;
}

function endpointLine(judged: Judged): PreflightLine {
  const { endpoint, look } = judged;
  const check = endpointChecks[endpoint.kind];
  if (look.state === 'app-failed') return unreadableLine(check, judged);
  if (look.state !== 'judged')
    return lineOf(check, 'unknown', `Our side failed: ${look.app.problem ?? 'it could not be judged.'}`, {
      next: askAgain,
    });
  return endpoint.kind === 'stats' ? statsLine(look) : rowsLine(check, endpoint, look);
}

function unreadableLine(check: PreflightCheck, { endpoint, look, fix }: Judged): PreflightLine {
  const { app } = look;
  const ms = app.totalMs;
  // Not a failure: a comparison is more patient than somebody who looks on.
  if (app.failure === 'total-timeout' && app.status !== null)
    return lineOf(check, 'warned', `Its answer was not complete after ${seconds(ms)}. A comparison waits longer; here it was not judged.`, { next: 'Answer sooner, or send less.', ms }); // prettier-ignore
  if (app.failure === 'redirect')
    return lineOf(check, 'failed', redirectSentence(app), { next: redirectFix(app, endpoint.path), ms });
  const next = app.failure === 'status' ? fixOfStatus(app.status!, endpoint.path) : (fix ?? shapes[endpoint.kind]);
  return lineOf(check, 'failed', app.problem ?? 'It could not be read.', { next, ms });
}

/** What each endpoint gives, to who gives something else. */
const shapes: Readonly<Record<Endpoint['kind'], string>> = {
  mood: 'Answer {"rows": […]} with "mood", "note" and "created_at" in each row.',
  entry: 'Answer {"rows": […]} with "text" and "created_at" in each row.',
  value: 'Answer {"rows": […]} with "number" in each row.',
  stats: 'Answer {"data": {…}} with "total_entries", "entries_today", "last7_days" and "mood_trend".',
};

function fixOfStatus(status: number, path: string): string {
  if (status === 404) return `Answer ${path} below the address that you give, and check what stands before /api in it.`;
  if (status === 401 || status === 403) return `Let ${path} be read without signing in: we have no account.`;
  if (status === 429) return 'Let us read as often as we do: four endpoints at once, at each comparison.';
  return status >= 500 ? 'Look into the log of the app for this request.' : `Answer ${path} with 200.`;
}

/** The judge was given nothing to look for: all rows that the app shows are those of nobody. More rows than were asked for are fine. */
function rowsLine(check: PreflightCheck, { window }: Endpoint, { app, outside }: EndpointLook): PreflightLine {
  const rows = `${inEnglish.format(outside)} ${outside === 1 ? 'row' : 'rows'}`;
  const asked = window && outside > window.widest ? `, more than the ${window.widest} that we asked for, which is fine` : ''; // prettier-ignore
  return lineOf(check, 'passed', `It answered ${app.status} in ${Math.round(app.totalMs)} ms: ${rows}${asked}.`, {
    ms: app.totalMs,
  });
}

/** Figures that do not follow do not keep an app from taking part; it would be out of sync. */
function statsLine({ app, differences, zone, note }: EndpointLook): PreflightLine {
  const ms = app.totalMs;
  const read = `It answered ${app.status} in ${Math.round(ms)} ms`;
  if (differences.length === 0) {
    const judged = note === null ? 'its figures follow from its own rows' : 'of its figures those that can be judged now follow from its own rows'; // prettier-ignore
    return lineOf('stats', 'passed', `${read}: ${judged}.`, { ms });
  }
  const figures = listed(differences.map(figureText));
  const next = zone
    ? 'Count days in UTC: it looks as if it cuts them at the midnight of another time zone.'
    : 'Count what the lists show, with days in UTC; else it would be out of sync.';
  return lineOf('stats', 'warned', `${read}, but its figures do not follow from its own rows: ${figures}.`, { next, ms }); // prettier-ignore
}

/** `total_entries (12, by its rows 10)`; of lists and of what is only of another type the name. */
function figureText({ what, fields: [field] }: Difference): string {
  if (field?.kind === 'type') return `${what} (text where numbers belong)`;
  const isCount = (value: unknown) => ['number', 'string'].includes(typeof value);
  return field && isCount(field.app) && isCount(field.baseline)
    ? `${what} (${String(field.app)}, by its rows ${String(field.baseline)})`
    : what;
}

const inEnglish = new Intl.NumberFormat('en');
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
