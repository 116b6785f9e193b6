import { ago } from './fixture-apps.js';
import { refuse } from './fixture-problems.js';
import { found, type Route } from './fixture-route.js';
import type { PreflightCheck, PreflightLine, PreflightView } from '#libs/contracts/src/preflight.js';

type Line = PreflightView['lines'][number];
interface Kept {
  readonly url: string;
  readonly askedAt: string;
  /** How often somebody has looked. */
  looks: number;
  /** The look at which the trial write was asked for. */
  writeAt: number | null;
}

/**
 * Pre-flights that go on with every look. An address with "slow" in it takes one look for each line; others are read by the first.
 * "broken" has lines that failed, "warn" a clock that is ahead, "ours" a line that failed on our side; of "unwritten" the trial write
 * is refused, of "crowded" the whole, as are private addresses.
 */
export class FixturePreflights {
  readonly kept = new Map<string, Kept>();
  /** How often a trial write was asked for. */
  writes = 0;

  view(preflightId: string, { url, askedAt, looks, writeAt }: Kept): PreflightView {
    const read = readLines(url);
    const there = looks === 0 ? 1 : url.includes('slow') ? Math.min(looks + 1, read.length) : read.length;
    const isRead = there === read.length;
    const isReadable = isRead && !read.some(({ state }) => state === 'failed' || state === 'unknown');
    const isWritten = writeAt !== null && looks > writeAt;
    const lines = [...read.slice(0, there), ...read.slice(there).map(({ check }) => waiting(check)), writeLine(isRead, isReadable, writeAt !== null, isWritten)]; // prettier-ignore
    const state = !isRead ? 'reading' : writeAt !== null && !isWritten ? 'writing' : 'over';
    return { preflightId, url, askedAt, state, mayWrite: isReadable && writeAt === null, lines, sentence: sentenceOf(lines) }; // prettier-ignore
  }
}

const line = (check: PreflightCheck, ms: number | null, sentence: string): PreflightLine => ({
  ...{ check, state: 'passed', sentence, next: null, ms },
});
const waiting = (check: PreflightCheck): Line => ({ check, state: 'waiting', sentence: '', next: null, ms: null });

function readLines(url: string): PreflightLine[] {
  const lines = [
    line('address', null, 'It leads to the public internet.'),
    line('name', 12, 'DNS knows it: 203.0.113.17.'),
    line('answers', 38, 'Somebody answers there, and sends us nowhere else.'),
    line('moods', 41, '48 moods, of the right shape.'),
    line('entries', 1_204, '64 entries, of the right shape.'),
    line('stats', 52, 'All figures are there.'),
    line('values', 47, '31 values, of the right shape.'),
    line('clock', null, 'Its clock is ours, give or take 1 s.'),
  ];
  return lines.map((one) => ({ ...one, ...changes.find(([word]) => url.includes(word))?.[1][one.check] }));
}

const changes: readonly [word: string, Partial<Record<PreflightCheck, Partial<PreflightLine>>>][] = [
  ['broken', {
    entries: { state: 'failed', sentence: 'It answered 503 instead of 200.', next: 'Look at the log of your app: it answers GET /api/journal/entries/all with an error.', ms: 31 },
    stats: { state: 'failed', sentence: 'entries_today is missing.', next: 'Send all figures, as the baseline does at /api/stats/overview.' },
    clock: { state: 'skipped', sentence: 'Not looked at, as not everything could be read.' },
  }],
  ['warn', {
    clock: { state: 'warned', sentence: 'Its clock is 4 s ahead of ours: statistics of today may be judged later.', next: 'Let the machine keep its time by NTP.' },
  }],
  ['ours', {
    values: { state: 'unknown', sentence: 'We could not send the request: our egress was busy. It says nothing about your app.', next: 'Check again in a minute.', ms: null },
  }],
]; // prettier-ignore

function writeLine(isRead: boolean, isReadable: boolean, isAsked: boolean, isWritten: boolean): Line {
  if (isWritten) return line('write', 213, 'The entry that it acknowledged is in its list.');
  if (!isRead || isAsked) return waiting('write');
  const sentence = isReadable ? 'Nobody asked for it.' : 'Not tried, as not everything could be read.';
  return { check: 'write', state: 'skipped', sentence, next: null, ms: null };
}

function sentenceOf(lines: readonly Line[]): string {
  const count = (state: Line['state']) => lines.filter((one) => one.state === state).length;
  const passed = `${count('passed')} of ${lines.length} passed.`;
  if (count('failed') > 0) return `${passed} As it is now, it would be called out of sync.`;
  return count('warned') > 0
    ? `${passed} You may submit it; a warning says what it may cost.`
    : `${passed} You may submit it.`;
}

const begin: Route[2] = ({ lab, body }) => {
  const url = String(body['url'] ?? '').trim();
  if (!/^https?:\/\//.test(url))
    return refuse('url-not-allowed', 'It does not begin with http:// or https://.', 'Use the address that a browser shows, with http:// or https://.'); // prettier-ignore
  if (/^https?:\/\/(10|192\.168)\./.test(url))
    return refuse('url-not-allowed', `${url} is a private address.`, 'Use an address that everybody can reach, or ask staff to allow this one.'); // prettier-ignore
  if (url.includes('crowded'))
    return refuse('limit-reached', '8 pre-flights are under way, as many as can be.', 'Try again in a few seconds.');
  const preflightId = lab.newId();
  const kept = { url, askedAt: ago(0), looks: 0, writeAt: null };
  lab.preflights.kept.set(preflightId, kept);
  return { status: 202, body: lab.preflights.view(preflightId, kept) };
};

const show: Route[2] = ({ lab: { preflights }, parts: [id] }) => {
  const kept = found(preflights.kept.get(id!), 'pre-flight');
  kept.looks += 1;
  return { body: preflights.view(id!, kept) };
};

const write: Route[2] = ({ lab: { preflights }, parts: [id] }) => {
  const kept = found(preflights.kept.get(id!), 'pre-flight');
  preflights.writes += 1;
  if (kept.url.includes('unwritten'))
    return refuse('conflict', 'Its trial write cannot be asked for now.', 'Check it again.');
  kept.writeAt ??= kept.looks;
  return { status: 202, body: preflights.view(id!, kept) };
};

export const preflightRoutes: readonly Route[] = [
  ['POST', /^\/api\/v1\/preflights$/, begin],
  ['GET', /^\/api\/v1\/preflights\/([^/]+)$/, show],
  ['POST', /^\/api\/v1\/preflights\/([^/]+)\/write$/, write],
];
