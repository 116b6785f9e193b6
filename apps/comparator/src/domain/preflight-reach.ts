import { askAgain, lineOf, withoutQuery, type PreflightRead } from './preflight-seen.js';
import type { PreflightCheck, PreflightLine } from '#libs/contracts/src/preflight.js';

/** The way to an app, step by step: one that fails leaves the later ones without an answer. */
const steps = ['address', 'name', 'answers'] as const satisfies readonly PreflightCheck[];
type Step = (typeof steps)[number];

/** Codes of egress that end the way before somebody could answer; all others do at the step `answers`. */
const stepOfCode: Readonly<Record<string, Step>> = {
  ...{ 'not-a-url': 'address', scheme: 'address', userinfo: 'address', query: 'address', host: 'address' },
  ...{ port: 'address', 'address-not-public': 'address' },
  ...{ 'dns-not-found': 'name', 'dns-failed': 'name', 'dns-down': 'name' },
  // Ours, and they may come before the name was looked up: then nobody knows whether DNS has it.
  ...{ busy: 'name', stalled: 'name', aborted: 'name' },
};

/** `isReached`: somebody answered, at one endpoint at least, and did not send us elsewhere. */
export interface Reach {
  readonly lines: readonly PreflightLine[];
  readonly isReached: boolean;
  /** It was not, and that is ours: nothing else can be said of the app. */
  readonly isOurs: boolean;
}

/** It is there at once, before anything was asked. */
export const addressLine = (url: string): PreflightLine => lineOf('address', 'passed', `We read it as ${url}.`);

/** How far we came on the way to the app. */
export function reachOf(url: string, reads: readonly PreflightRead[]): Reach {
  if (reads.some(hasAnswered)) {
    const quickest = Math.min(...reads.filter(hasAnswered).map(({ fetched }) => fetched.totalMs));
    const answers = lineOf('answers', 'passed', 'It answers, and does not send us elsewhere.', { ms: quickest });
    return { lines: [addressLine(url), nameLine(url), answers], isReached: true, isOurs: false };
  }
  const blocked = blockedAt(reads);
  const isOurs = blocked.failed === 'ours';
  const at = steps.indexOf(stepOf(blocked));
  const before = [addressLine(url), nameLine(url)].slice(0, at);
  const after = steps.slice(at + 1).map((check) => notLookedAt(check, isOurs));
  return { lines: [...before, blockedLine(steps[at]!, blocked), ...after], isReached: false, isOurs };
}

/** What comes after a failure: of ours it is not known, of the app's there was nothing to look at. */
export const notLookedAt = (check: PreflightCheck, isOurs: boolean): PreflightLine =>
  isOurs
    ? lineOf(check, 'unknown', 'Not looked at, as our side failed before.', { next: askAgain })
    : lineOf(check, 'skipped', 'Not looked at, as something before it failed.');

const hasAnswered = ({ fetched }: PreflightRead): boolean => fetched.status !== null && fetched.failure !== 'redirect';

const stepOf = ({ fetched }: PreflightRead): Step => stepOfCode[fetched.failure ?? ''] ?? 'answers';

/** What is told of: our failure before the app's; of several of the app's the one that came furthest, as the way is open up to there. */
const blockedAt = (reads: readonly PreflightRead[]): PreflightRead =>
  reads.find(({ failed }) => failed === 'ours') ??
  reads.reduce((furthest, one) => (steps.indexOf(stepOf(one)) > steps.indexOf(stepOf(furthest)) ? one : furthest));

function blockedLine(check: Step, { fetched, failed, fix, endpoint }: PreflightRead): PreflightLine {
  const problem = fetched.problem ?? 'It could not be reached.';
  if (failed === 'ours') return lineOf(check, 'unknown', `Our side failed: ${problem}`, { next: askAgain });
  if (fetched.failure === 'redirect')
    return lineOf(check, 'failed', redirectSentence(fetched), {
      next: redirectFix(fetched, endpoint.path),
      ms: fetched.totalMs,
    });
  return lineOf(check, 'failed', problem, { next: fix, ms: check === 'answers' ? fetched.totalMs : null });
}

type Redirected = Pick<PreflightRead['fetched'], 'url' | 'leadsTo'>;

export function redirectSentence({ url, leadsTo = '' }: Redirected): string {
  const target = leadsTo === '' ? null : withoutQuery(leadsTo, url);
  return target
    ? `It answers with a redirect to ${target.href}, which we never follow.`
    : 'It answers with a redirect, which we never follow.';
}

/** Where the redirect leads to the same route of another address, that address is the one to give. */
export function redirectFix({ url, leadsTo = '' }: Redirected, path: string): string {
  const target = leadsTo === '' ? null : withoutQuery(leadsTo, url);
  const asked = URL.parse(url);
  const isSame = target?.origin === asked?.origin && target?.pathname === asked?.pathname;
  if (!target?.pathname.endsWith(path) || isSame) return `Answer ${path} itself, without a redirect.`;
  return `Give the address that it leads to: ${target.origin}${target.pathname.slice(0, -path.length)}`;
}

function nameLine(url: string): PreflightLine {
  const host = URL.parse(url)?.hostname ?? '';
  const isAddress = host.startsWith('[') || /^[\d.]+$/.test(host);
  return lineOf(
    'name',
    'passed',
    isAddress ? 'It is an IP address: there is no name to look up.' : `DNS knows ${host}.`,
  );
}
