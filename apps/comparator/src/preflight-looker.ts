import { Inject, Injectable } from '@nestjs/common';
import { AppReader, type Visit } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import type { Endpoint } from './domain/endpoints.js';
import { emptyLedger } from './domain/obligation.js';
import type { PreflightRead, PreflightSeen } from './domain/preflight-seen.js';
import type { RuleText } from './domain/rules.js';
import type { FetchedBody, JudgeJob } from './judging/judge-job.js';
import { judgeFairly } from './judging/judge-fairly.js';
import { JudgePool } from './judging/judge-pool.js';
import { takeLook } from './judging/take-look.js';
import { randomSeed } from './looker.js';
import { deadline, unlessAborted } from '#libs/egress/src/deadline.js';
import { egressError } from '#libs/egress/src/egress-code.js';

/** One request to the app. Longer than an answer may take to begin, so that who never begins is told so by its own limit. */
const readMsMax = 5_500;
/** All requests: somebody looks on. What is not there by then we have not waited for, which is nobody's failure. */
const visitMsMax = 6_000;
const judgeMsMax = 8_000;

/** The wish of one pre-flight: this app, by these rules, until `signal`. */
export interface PreflightPlan {
  readonly url: string;
  readonly rules: readonly RuleText[];
}

/**
 * Reads an app that takes no part yet as a comparison would, beside a baseline that we answer ourselves, with nothing in it: so all
 * that is found is how the app answers, how many rows it shows, and whether its figures follow from its own rows.
 */
@Injectable()
export class PreflightLooker {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly reader: AppReader,
    private readonly judges: JudgePool,
  ) {}

  async look({ url, rules }: PreflightPlan, claimed: AbortSignal): Promise<PreflightSeen> {
    const until = deadline(visitMsMax, () => egressError('aborted'), [claimed]);
    const visit = this.reader.visit(until.signal, readMsMax);
    const reads = new Map<Endpoint['path'], PreflightRead>();
    const read = async (endpoint: Endpoint): Promise<FetchedBody> => {
      const askedAt = Date.now();
      const body = await readInTime(visit, { url, endpoint }, { claimed, until: until.signal });
      // Lists and statistics that are read once more say nothing new about the way to the app.
      if (!reads.has(endpoint.path)) reads.set(endpoint.path, readOf(endpoint, body, askedAt));
      return body;
    };
    try {
      const { look } = await takeLook(planOf(url, rules), {
        endpoints: this.config.endpoints,
        now: () => new Date().toISOString(),
        seed: randomSeed,
        read: (side, endpoint) => (side === 'app' ? read(endpoint) : Promise.resolve(nothingAt(endpoint))),
        ...{ readShadow: neverAsked, readAsBrowser: neverAsked },
        judge: (job) => this.judge(job, claimed),
      });
      const inOrder = this.config.endpoints.map(({ path }) => reads.get(path)!);
      return { url, reads: inOrder, looks: look.endpoints };
    } finally {
      visit.end();
      until.clear();
    }
  }

  private async judge(job: JudgeJob, claimed: AbortSignal) {
    const late = () => egressError('stalled', `its answers were not judged in ${judgeMsMax / 1_000} s`);
    const until = deadline(judgeMsMax, late, [claimed]);
    try {
      return await unlessAborted(judgeFairly(this.judges, job), until.signal);
    } finally {
      until.clear();
    }
  }
}

interface Signals {
  readonly claimed: AbortSignal;
  readonly until: AbortSignal;
}

/** That we waited no longer is told from a claim that has ended (then nothing was seen), and from what the app did. */
async function readInTime(
  visit: Visit,
  { url, endpoint }: { readonly url: string; readonly endpoint: Endpoint },
  { claimed, until }: Signals,
): Promise<FetchedBody> {
  const started = performance.now();
  try {
    return await visit.read({ side: 'app', address: url, endpoint });
  } catch (error) {
    if (claimed.aborted || !until.aborted) throw error;
    const problem = `we stopped reading after ${visitMsMax / 1_000} s, as a pre-flight takes no longer.`;
    const fetched = { url: `${url}${endpoint.request}`, status: null, bodyBytes: 0, totalMs: performance.now() - started }; // prettier-ignore
    return { ok: false, side: 'ours', fetched: { ...fetched, problem, failure: 'aborted' } };
  }
}

const readOf = (endpoint: Endpoint, body: FetchedBody, askedAt: number): PreflightRead => ({
  ...{ endpoint, fetched: body.fetched, askedAt, answeredAt: Date.now() },
  ...(body.ok ? { failed: null, fix: null, clock: body.clock } : { failed: body.side, fix: body.fix ?? null, clock: null }), // prettier-ignore
});

const planOf = (appUrl: string, rules: readonly RuleText[]) => ({
  ...{ appId: '', appUrl, baselineUrl: '', slack: 0, fillsClosed: 0, closedFill: 0, rules, shadow: null },
  ledgers: { entry: emptyLedger, mood: emptyLedger, value: emptyLedger },
});

/** What an app without a row answers, its figures with it. */
function nothingAt({ kind, request }: Endpoint): FetchedBody {
  const figures = { total_entries: 0, entries_today: 0, last7_days: [], mood_trend: [] };
  const body = new TextEncoder().encode(JSON.stringify(kind === 'stats' ? { data: figures } : { rows: [] }));
  const fetched = { url: request, status: 200, bodyBytes: body.length, totalMs: 0, problem: null };
  return { ok: true, fetched, body, clock: new Date().toISOString() };
}

const neverAsked = () => Promise.reject(new Error('a pre-flight asks nobody else'));
