import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppReader, type Visit } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import type { Endpoint } from './domain/endpoints.js';
import type { EndpointLook, Look } from './domain/look.js';
import { emptyLedger, type Ledger } from './domain/obligation.js';
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
  readonly closedFill: number;
  readonly ledgers: Record<WriteKind, Ledger>;
  /** The list that is asked for once more, as a browser would. */
  readonly kindAskedAsBrowser?: WriteKind | null;
}

/** One look: all endpoints of both sides read together, then judged in a process of its own. */
@Injectable()
export class Looker {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly reader: AppReader,
    private readonly judges: JudgePool,
  ) {}

  async look(plan: LookPlan, signal: AbortSignal): Promise<Look> {
    const visit = this.reader.visit(signal);
    try {
      const at = new Date().toISOString();
      const [pairs, browsed] = await Promise.all([
        this.read(visit, plan, this.config.endpoints),
        this.askAsBrowser(visit, plan),
      ]);
      const job = jobOf(at, plan, pairs, browsed);
      const endpoints = await this.judge(job);
      const again = endpoints.some((endpoint) => endpoint.derived > 0) ? await this.statsBetweenLists(visit, plan) : [];
      return {
        at,
        acknowledged: job.parts.reduce((sum, part) => sum + part.ledger.acknowledged, 0),
        fillsClosed: plan.fillsClosed,
        closedFill: plan.closedFill,
        endpoints: endpoints.map((endpoint) => again.find(({ path }) => path === endpoint.path) ?? endpoint),
      };
    } finally {
      visit.end();
    }
  }

  /** The same question at the same moment, of somebody else. */
  private async askAsBrowser(visit: Visit, plan: LookPlan): Promise<Browsed | undefined> {
    const endpoint = this.config.endpoints.find(({ kind }) => kind === plan.kindAskedAsBrowser);
    if (!endpoint) return undefined;
    const wanted = { side: 'app', address: plan.appUrl, endpoint, asBrowser: true } as const;
    return { endpoint, asBrowser: await visit.read(wanted) };
  }

  /** Statistics that do not follow may have been read before or after a write of somebody: they must lie between two readings. */
  private async statsBetweenLists(visit: Visit, plan: LookPlan): Promise<readonly EndpointLook[]> {
    const { endpoints } = this.config;
    const lists = endpoints.filter(({ kind }) => kind === 'entry' || kind === 'mood');
    const at = new Date().toISOString();
    const before = await this.read(visit, plan, lists);
    const stats = await this.read(visit, plan, endpoints.filter(({ kind }) => kind === 'stats')); // prettier-ignore
    const later = await this.read(visit, plan, lists);
    const parts = [...before, ...stats].map((pair) => ({ ...pair, ledger: emptyLedger }));
    return this.judge({ ...jobOf(at, plan, []), parts, later });
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

interface Browsed {
  readonly endpoint: Endpoint;
  readonly asBrowser: FetchedBody;
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
