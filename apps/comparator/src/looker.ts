import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppReader, type Visit } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import type { Endpoint } from './domain/endpoints.js';
import type { EndpointLook, Look } from './domain/look.js';
import { lookOf } from './judging/evidence.js';
import { withRules, type RuleText } from './domain/rules.js';
import { emptyLedger, type Ledger, type Obligation } from './domain/obligation.js';
import type { FetchedBody, FetchedPair, JudgeJob, JudgePart } from './judging/judge-job.js';
import { unjudgeable } from './judging/judge-look.js';
import { JudgeLost } from './judging/judge.js';
import { JudgePool } from './judging/judge-pool.js';
import type { WriteKind } from '#libs/contracts/src/filler.js';

/** What a look needs to know before it reads anything. */
export interface LookPlan {
  readonly appId: string;
  readonly appUrl: string;
  readonly baselineUrl: string;
  readonly slack: number;
  readonly fillsClosed: number;
  /** Those that both sides are compared by, at every endpoint. */
  readonly rules: readonly RuleText[];
  /** A second baseline, where the lab has one; and what both have acknowledged. */
  readonly shadow: Shadow | null;
  readonly ledgers: Record<WriteKind, Ledger>;
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

/** One look: all endpoints of both sides read together, then judged in a process of its own. */
@Injectable()
export class Looker {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly reader: AppReader,
    private readonly judges: JudgePool,
  ) {}

  async look(plan: LookPlan, signal: AbortSignal): Promise<Looked> {
    const visit = this.reader.visit(signal);
    const compared = withRules(this.config.endpoints, plan.rules);
    try {
      const at = new Date().toISOString();
      const [pairs, browsed, shadows] = await Promise.all([
        this.read(visit, plan, compared),
        askAsBrowser(visit, plan, compared),
        shadowReads(visit, plan, compared),
      ]);
      const first = withShadows(jobOf(at, plan, pairs, browsed), shadows);
      const endpoints = await this.judge(first);
      const isDerived = endpoints.some((endpoint) => endpoint.derived > 0);
      const second = isDerived ? await this.statsBetweenLists(visit, plan, compared) : undefined;
      const again = second ? await this.judge(second) : [];
      const look = lookOf(first, plan.fillsClosed, [endpoints, again]);
      return { look, jobs: second ? [first, second] : [first] };
    } finally {
      visit.end();
    }
  }

  /** Statistics that do not follow may have been read before or after a write of somebody: they must lie between two readings. */
  private async statsBetweenLists(visit: Visit, plan: LookPlan, endpoints: readonly Endpoint[]): Promise<JudgeJob> {
    const lists = endpoints.filter(({ kind }) => kind === 'entry' || kind === 'mood');
    const at = new Date().toISOString();
    const before = await this.read(visit, plan, lists);
    const stats = await this.read(visit, plan, endpoints.filter(({ kind }) => kind === 'stats')); // prettier-ignore
    const later = await this.read(visit, plan, lists);
    const parts = [...before, ...stats].map((pair) => ({ ...pair, ledger: emptyLedger }));
    return { ...jobOf(at, plan, []), parts, later };
  }

  private read(visit: Visit, plan: LookPlan, endpoints: readonly Endpoint[]): Promise<FetchedPair[]> {
    return Promise.all(
      endpoints.map(async (endpoint) => {
        const [baseline, app] = await Promise.all([
          visit.read({ side: 'baseline', address: plan.baselineUrl, endpoint }),
          visit.read({ side: 'app', address: plan.appUrl, endpoint }),
        ]);
        return { endpoint, baseline, app };
      }),
    );
  }

  /** When no judge survives a job: does one survive it with the baseline's answers in place of the app's? Then it is the app. */
  private async judge(job: JudgeJob): Promise<readonly EndpointLook[]> {
    try {
      return (await this.judges.judge(job)).endpoints;
    } catch (error) {
      if (!(error instanceof JudgeLost)) throw error;
      await this.judges.judge(withBaselineOnly(job));
      return unjudgeable(job, error.message).endpoints;
    }
  }
}

type ShadowRead = NonNullable<JudgePart['shadow']> & { readonly path: string };

/** The second baseline is read at the same time as the first. Figures follow from its rows; they are not measured. */
function shadowReads(visit: Visit, { shadow }: LookPlan, endpoints: readonly Endpoint[]): Promise<ShadowRead[]> {
  const measured = shadow === null ? [] : endpoints.filter(({ kind }) => kind !== 'stats');
  return Promise.all(
    measured.map(async (endpoint) => ({
      path: endpoint.path,
      fetched: await visit.read({ side: 'baseline', address: shadow!.url, endpoint }),
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
  visit: Visit,
  plan: LookPlan,
  endpoints: readonly Endpoint[],
): Promise<Browsed | undefined> {
  const endpoint = endpoints.find(({ kind }) => kind === plan.kindAskedAsBrowser);
  if (!endpoint) return undefined;
  const wanted = { side: 'app', address: plan.appUrl, endpoint, asBrowser: true } as const;
  return { endpoint, asBrowser: await visit.read(wanted) };
}

function jobOf(now: string, plan: LookPlan, pairs: readonly FetchedPair[], browsed?: Browsed): JudgeJob {
  const random = randomBytes(8);
  const parts = pairs.map((pair): JudgePart => ({
    ...pair,
    ledger: ledgerOf(pair.endpoint, plan),
    ...(browsed?.endpoint === pair.endpoint ? { asBrowser: browsed.asBrowser } : {}),
  }));
  const seed = [random.readInt32LE(0), random.readInt32LE(4)] as const;
  return { now, seed, slack: plan.slack, acknowledgedEntries: plan.ledgers.entry.acknowledged, parts };
}

const ledgerOf = ({ kind }: Endpoint, { ledgers }: LookPlan): Ledger =>
  kind === 'stats' ? emptyLedger : ledgers[kind];

const withBaselineOnly = (job: JudgeJob): JudgeJob => ({
  ...job,
  parts: job.parts.map(({ asBrowser: _, ...part }) => ({ ...part, app: part.baseline })),
  ...(job.later ? { later: job.later.map((pair) => ({ ...pair, app: pair.baseline })) } : {}),
});
