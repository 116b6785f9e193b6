import { judgeIndexes, type RowsFindings } from '../domain/rows-judge.js';
import { judgeStats } from '../domain/stats-judge.js';
import { withoutHidden } from '../domain/rules.js';
import { compareAnswers } from '../domain/as-browser.js';
import { canariesShown } from '../domain/canaries.js';
import { opened } from '../domain/kept-ledger.js';
import type { Ledger } from '../domain/obligation.js';
import type { EndpointLook, Found } from '../domain/look.js';
import type { FetchedBody, JudgeFindings, JudgeJob, JudgePart } from './judge-job.js';
import { LookBodies } from './look-bodies.js';
import { measuredPart, type MeasuredPart } from './noise-of-look.js';

/** Bodies of one look → what they mean, endpoint by endpoint. Never throws for what is in a body. */
export function judgeLook(job: JudgeJob): JudgeFindings {
  const measured = job.parts.map((part) => measuredPart(part, job));
  const bodies = new LookBodies({ ...job, parts: measured.map(({ part }) => part) });
  const wanted = job.later ? measured.filter(({ part }) => part.endpoint.kind === 'stats') : measured;
  const endpoints = wanted.map(
    ({ part, ...noise }) =>
      unreadable(part) ??
      diverged(part, noise) ??
      (part.endpoint.kind === 'stats'
        ? statsLook(part, job, bodies)
        : { ...rowsLook(part, job, bodies), noise: noise.noise }),
  );
  return { endpoints: withForeign(endpoints) };
}

/**
 * Rows that were written only to the baseline count against an app when one of them, in any of its lists, is a copy of the baseline's
 * row: then the others are too, also where rows carry no time. Without a copy they may have been written by a stranger.
 */
function withForeign(looks: readonly EndpointLook[]): EndpointLook[] {
  const isCopying = looks.some(({ canaries }) => canaries && canaries.copies > 0);
  return looks.map((look) => {
    if (!isCopying || !look.canaries || look.state !== 'judged') return look;
    const found = look.canaries.unexplained.map(([marker, fill]): Found => ['foreign', marker, fill]);
    return { ...look, foreign: found.length, found: [...look.found, ...found] };
  });
}

/** Two baselines that do not agree in what was written are no measure for anybody. */
function diverged(part: JudgePart, { noise, diverged: problem }: Omit<MeasuredPart, 'part'>): EndpointLook | undefined {
  if (problem === null) return undefined;
  const look = base(part);
  return { ...look, state: 'baseline-failed', baseline: { ...look.baseline, problem }, noise };
}

/**
 * What a look means whose bodies no judge survives, while the baseline's alone are judged without trouble: the app's answers cannot
 * be used, and that is the app's side.
 */
export const unjudgeable = (job: JudgeJob, why: string): JudgeFindings => ({
  endpoints: job.parts.map((part) => {
    const problem = `It answered 200, but not with what can be judged: ${why}.`;
    const app = { ...part.app.fetched, problem, failure: 'unjudgeable' };
    return unreadable(part) ?? { ...base(part), state: 'app-failed', app };
  }),
});

const nothing = {
  ...{ matched: 0, missing: 0, changed: 0, doubled: 0, derived: 0, undecided: 0, outside: 0, behindWindow: 0 },
  ...{ note: null, rules: [], found: [], differences: [] },
};

function base({ endpoint, baseline, app }: JudgePart): EndpointLook {
  const { path, label } = endpoint;
  return { path, label, state: 'judged', baseline: baseline.fetched, app: app.fetched, window: '', ...nothing };
}

/** Our failure before the baseline's before the app's: an app is blamed only when everybody else did their part. */
function unreadable(part: JudgePart): EndpointLook | undefined {
  const { baseline, app } = part;
  if (baseline.ok && app.ok) return undefined;
  if ((!baseline.ok && baseline.side === 'ours') || (!app.ok && app.side === 'ours'))
    return { ...base(part), state: 'our-fault' };
  return { ...base(part), state: baseline.ok ? 'app-failed' : 'baseline-failed' };
}

function rowsLook(part: JudgePart, { now }: JudgeJob, bodies: LookBodies): EndpointLook {
  const { endpoint } = part;
  const ledger = opened(endpoint.kind, part.ledger);
  const findings = judgeIndexes({ ...ledger, endpoint, now, clock: clockOf(part.app), ...bodies.of(part) });
  const refused = refusedLook(base(part), findings);
  if (refused) return refused;
  const { matched, explained, missing, inherited, absent, doubled, undecided, outside, behindWindow } = findings;
  const { changed, around, behind, asked, rules, found, differences, keysAgain } = findings;
  return {
    ...base(part),
    ...forStaff(part, ledger, now, bodies),
    ...{ matched, explained, missing, changed: changed + around, doubled, undecided, outside, behindWindow },
    ...{ behind, asked, rules, found, differences },
    ...(ledger.inherited ? { inherited, absent } : {}),
    ...(keysAgain ? { keysAgain } : {}),
    window: windowText(part, findings),
    note:
      undecided > 0
        ? `Not judged: ${undecided} rows that the baseline, too, shows other than they were written.`
        : null,
  };
}

/** What tells a cheater: named to nobody but staff. */
function forStaff(
  part: JudgePart,
  ledger: Ledger,
  now: string,
  bodies: LookBodies,
): Pick<EndpointLook, 'canaries' | 'asBrowser'> {
  const { endpoint } = part;
  const sides = bodies.of(part);
  const canaries = canariesShown(ledger.canaries ?? [], sides);
  const asBrowser = part.asBrowser?.ok
    ? compareAnswers({
        ...{ endpoint, now, obligations: ledger.obligations, toUs: sides.app },
        toBrowser: bodies.another(endpoint, part.asBrowser),
      })
    : undefined;
  return { ...(canaries ? { canaries } : {}), ...(asBrowser ? { asBrowser } : {}) };
}

function refusedLook(
  look: EndpointLook,
  { baselineRefusal, appRefusal }: Pick<RowsFindings, 'baselineRefusal' | 'appRefusal'>,
): EndpointLook | undefined {
  if (baselineRefusal)
    return { ...look, state: 'baseline-failed', baseline: { ...look.baseline, problem: baselineRefusal } };
  if (appRefusal)
    return {
      ...look,
      state: 'app-failed',
      app: {
        ...look.app,
        problem: `It answered 200, but not with what this endpoint gives: ${appRefusal}`,
        failure: 'shape',
      },
    };
  return undefined;
}

/** Follows the word "Shows". */
function windowText({ ledger }: JudgePart, { behindWindow, inherited }: RowsFindings): string {
  const own = ownText(ledger.acknowledged, behindWindow);
  if (!ledger.inherited) return own;
  const more = inherited === 1 ? '1 more row' : `${count(inherited)} more rows`;
  return `${own}; and ${more} that the baseline shows, as this lab asks for the full history`;
}

function ownText(all: number, behindWindow: number): string {
  if (behindWindow > 0)
    return `the newest ${count(all - behindWindow)} of ${count(all)} rows that it acknowledged since it joined; older ones are behind the window`;
  if (all === 1) return 'the one row that the app acknowledged since it joined';
  return `all ${count(all)} rows that the app acknowledged since it joined`;
}
const inEnglish = new Intl.NumberFormat('en');
const count = (rows: number): string => inEnglish.format(rows);

function statsLook(part: JudgePart, job: JudgeJob, bodies: LookBodies): EndpointLook {
  const [baseline, app] = [bodies.statsBody(part.baseline), bodies.statsBody(part.app)];
  const look = { ...base(part), window: 'the figures that follow from its own entries and moods' };
  const refused = refusedLook(base(part), { baselineRefusal: baseline.refusal, appRefusal: app.refusal });
  if (refused) return refused;
  const findings = judgeStats({
    baseline: { ...bodies.lists('baseline'), stats: baseline.value, clock: clockOf(part.baseline) },
    app: { ...bodies.lists('app'), stats: app.value, clock: clockOf(part.app) },
    now: job.now,
    slack: job.slack,
    acknowledgedEntries: job.acknowledgedEntries,
  });
  const wrong = refusedLook(base(part), findings);
  if (wrong) return wrong;
  const { judged, notNow, rules, zone } = findings;
  const hidden = withoutHidden(findings.differences, part.endpoint.shape.rules);
  const differences = hidden.kept;
  return {
    ...look,
    matched: judged.length - findings.differences.length,
    derived: differences.length,
    note: notNow.map(({ field, why }) => `${field} is not judged now: ${why}`).join('; ') || null,
    rules: [...rules, ...hidden.rules],
    found: differences.map(({ what }) => ['derived', what, null]),
    differences,
    ...(zone ? { zone } : {}),
  };
}

const clockOf = (fetched: FetchedBody): string | null => (fetched.ok ? fetched.clock : null);
