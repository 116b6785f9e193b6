import type { Endpoint } from '../domain/endpoints.js';
import type { EndpointLook, Look } from '../domain/look.js';
import type { KeptLedger } from '../domain/kept-ledger.js';
import { emptyLedger, type Ledger, type Obligation } from '../domain/obligation.js';
import { withRules, type RuleText } from '../domain/rules.js';
import { lookOf } from './evidence.js';
import type { FetchedBody, FetchedPair, JudgeJob, JudgePart } from './judge-job.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';

/** What a look needs to know before it reads anything. */
export interface LookPlan {
  readonly appId: string;
  readonly appUrl: string;
  readonly baselineUrl: string;
  readonly slack: number;
  readonly fillsClosed: number;
  readonly closedFill: number;
  /** Those that both sides are compared by, at every endpoint. */
  readonly rules: readonly RuleText[];
  /** A second baseline, where the lab has one; and what both have acknowledged. */
  readonly shadow: Shadow | null;
  readonly ledgers: Record<WriteKind, Ledger | KeptLedger>;
  /** The list that is asked for once more, as a browser would. */
  readonly kindAskedAsBrowser?: WriteKind | null;
}

export interface Shadow {
  readonly url: string;
  readonly common: Record<WriteKind, readonly Obligation[]>;
}

/** A look, and what it was judged from: all endpoints once, and where figures did not follow these once more. */
export interface Looked {
  readonly look: Look;
  readonly jobs: readonly JudgeJob[];
}

/** What a look takes from the world around it: in a simulation there is another clock, and other apps. */
export interface LookWorld {
  readonly endpoints: readonly Endpoint[];
  readonly now: () => string;
  readonly seed: () => readonly [number, number];
  readonly read: (side: 'baseline' | 'app', endpoint: Endpoint) => Promise<FetchedBody>;
  /** The second baseline; only asked where a plan has one. */
  readonly readShadow: (url: string, endpoint: Endpoint) => Promise<FetchedBody>;
  /** The same question to the app, of somebody else; only asked where a plan wants it. */
  readonly readAsBrowser: (endpoint: Endpoint) => Promise<FetchedBody>;
  readonly judge: (job: JudgeJob) => Promise<readonly EndpointLook[]>;
}

/** Reads all endpoints of both sides together and has them judged; statistics that do not follow are read once more. */
export async function takeLook(plan: LookPlan, world: LookWorld): Promise<Looked> {
  const at = world.now();
  const compared = withRules(world.endpoints, plan.rules);
  const [pairs, browsed, shadows] = await Promise.all([
    readAll(world, compared),
    askAsBrowser(plan, world, compared),
    readShadows(plan, world, compared),
  ]);
  const first = withShadows(withBrowsed(jobOf(at, plan, pairs, world), browsed), shadows);
  const endpoints = await world.judge(first);
  const isDerived = endpoints.some((endpoint) => endpoint.derived > 0);
  const second = isDerived ? await statsBetweenLists(plan, world, compared) : undefined;
  const again = second ? await world.judge(second) : [];
  const look = { ...lookOf(first, plan.fillsClosed, [endpoints, again]), closedFill: plan.closedFill };
  return { look, jobs: second ? [first, second] : [first] };
}

type ShadowRead = NonNullable<JudgePart['shadow']> & { readonly path: string };

/** The second baseline is read at the same time as the first. Figures follow from its rows; they are not measured. */
function readShadows({ shadow }: LookPlan, world: LookWorld, endpoints: readonly Endpoint[]): Promise<ShadowRead[]> {
  const measured = shadow === null ? [] : endpoints.filter(({ kind }) => kind !== 'stats');
  return Promise.all(
    measured.map(async (endpoint) => ({
      path: endpoint.path,
      fetched: await world.readShadow(shadow!.url, endpoint),
      common: endpoint.kind === 'stats' ? [] : shadow!.common[endpoint.kind],
    })),
  );
}

const withShadows = (job: JudgeJob, shadows: readonly ShadowRead[]): JudgeJob => ({
  ...job,
  parts: job.parts.map((part) => {
    const shadow = shadows.find(({ path }) => path === part.endpoint.path);
    return shadow ? { ...part, shadow: { fetched: shadow.fetched, common: shadow.common } } : part;
  }),
});

interface Browsed {
  readonly endpoint: Endpoint;
  readonly asBrowser: FetchedBody;
}

/** The same question at the same moment, of somebody else. */
async function askAsBrowser(
  plan: LookPlan,
  { readAsBrowser }: LookWorld,
  endpoints: readonly Endpoint[],
): Promise<Browsed | undefined> {
  const endpoint = endpoints.find(({ kind }) => kind === plan.kindAskedAsBrowser);
  return endpoint && { endpoint, asBrowser: await readAsBrowser(endpoint) };
}

const withBrowsed = (job: JudgeJob, browsed: Browsed | undefined): JudgeJob => ({
  ...job,
  parts: job.parts.map((part) =>
    browsed?.endpoint === part.endpoint ? { ...part, asBrowser: browsed.asBrowser } : part,
  ),
});

/** Statistics that do not follow may have been read before or after a write of somebody: they must lie between two readings. */
async function statsBetweenLists(plan: LookPlan, world: LookWorld, endpoints: readonly Endpoint[]): Promise<JudgeJob> {
  const lists = endpoints.filter(({ kind }) => kind === 'entry' || kind === 'mood');
  const at = world.now();
  const before = await readAll(world, lists);
  const stats = await readAll(world, endpoints.filter(({ kind }) => kind === 'stats')); // prettier-ignore
  const later = await readAll(world, lists);
  const parts = [...before, ...stats].map((pair) => ({ ...pair, ledger: emptyLedger }));
  return { ...jobOf(at, plan, [], world), parts, later };
}

const readAll = ({ read }: LookWorld, endpoints: readonly Endpoint[]): Promise<FetchedPair[]> =>
  Promise.all(
    endpoints.map(async (endpoint) => {
      const [baseline, app] = await Promise.all([read('baseline', endpoint), read('app', endpoint)]);
      return { endpoint, baseline, app };
    }),
  );

function jobOf(now: string, plan: LookPlan, pairs: readonly FetchedPair[], { seed }: LookWorld): JudgeJob {
  const parts = pairs.map((pair): JudgePart => ({ ...pair, ledger: ledgerOf(pair.endpoint, plan) }));
  return { now, seed: seed(), slack: plan.slack, acknowledgedEntries: plan.ledgers.entry.acknowledged, parts };
}

const ledgerOf = ({ kind }: Endpoint, { ledgers }: LookPlan): Ledger | KeptLedger =>
  kind === 'stats' ? emptyLedger : ledgers[kind];
