import type { Endpoint } from '../domain/endpoints.js';
import type { EndpointLook, Look } from '../domain/look.js';
import { emptyLedger, type Ledger } from '../domain/obligation.js';
import type { FetchedBody, FetchedPair, JudgeJob, JudgePart } from './judge-job.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';

/** What a look needs to know before it reads anything. */
export interface LookPlan {
  readonly appId: string;
  readonly appUrl: string;
  readonly baselineUrl: string;
  readonly slack: number;
  readonly fillsClosed: number;
  readonly ledgers: Record<WriteKind, Ledger>;
  /** The list that is asked for once more, as a browser would. */
  readonly kindAskedAsBrowser?: WriteKind | null;
}

/** What a look takes from the world around it: in a simulation there is another clock, and other apps. */
export interface LookWorld {
  readonly endpoints: readonly Endpoint[];
  readonly now: () => string;
  readonly seed: () => readonly [number, number];
  readonly read: (side: 'baseline' | 'app', endpoint: Endpoint) => Promise<FetchedBody>;
  /** The same question to the app, of somebody else; only asked where a plan wants it. */
  readonly readAsBrowser: (endpoint: Endpoint) => Promise<FetchedBody>;
  readonly judge: (job: JudgeJob) => Promise<readonly EndpointLook[]>;
}

/** Reads all endpoints of both sides together and has them judged; statistics that do not follow are read once more. */
export async function takeLook(plan: LookPlan, world: LookWorld): Promise<Look> {
  const at = world.now();
  const [pairs, browsed] = await Promise.all([readAll(world, world.endpoints), askAsBrowser(plan, world)]);
  const job = withBrowsed(jobOf(at, plan, pairs, world), browsed);
  const endpoints = await world.judge(job);
  const again = endpoints.some((endpoint) => endpoint.derived > 0) ? await statsBetweenLists(plan, world) : [];
  return {
    at,
    acknowledged: job.parts.reduce((sum, part) => sum + part.ledger.acknowledged, 0),
    fillsClosed: plan.fillsClosed,
    endpoints: endpoints.map((endpoint) => again.find(({ path }) => path === endpoint.path) ?? endpoint),
  };
}

interface Browsed {
  readonly endpoint: Endpoint;
  readonly asBrowser: FetchedBody;
}

/** The same question at the same moment, of somebody else. */
async function askAsBrowser(plan: LookPlan, { endpoints, readAsBrowser }: LookWorld): Promise<Browsed | undefined> {
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
async function statsBetweenLists(plan: LookPlan, world: LookWorld): Promise<readonly EndpointLook[]> {
  const { endpoints } = world;
  const lists = endpoints.filter(({ kind }) => kind === 'entry' || kind === 'mood');
  const at = world.now();
  const before = await readAll(world, lists);
  const stats = await readAll(world, endpoints.filter(({ kind }) => kind === 'stats')); // prettier-ignore
  const later = await readAll(world, lists);
  const parts = [...before, ...stats].map((pair) => ({ ...pair, ledger: emptyLedger }));
  return world.judge({ ...jobOf(at, plan, [], world), parts, later });
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

const ledgerOf = ({ kind }: Endpoint, { ledgers }: LookPlan): Ledger =>
  kind === 'stats' ? emptyLedger : ledgers[kind];
