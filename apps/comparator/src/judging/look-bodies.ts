import { isFull, type Endpoint } from '../domain/endpoints.js';
import { planFor, readBody, type ReadBody } from '../domain/readable-body.js';
import type { StatsLists, TimedRow } from '../domain/stats-judge.js';
import type { FetchedBody, FetchedPair, JudgeJob } from './judge-job.js';
import { makePlan, type Plan } from '#libs/parity/src/plan.js';
import { isoMs } from '#libs/parity/src/tolerance.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

type Side = 'baseline' | 'app';
type BothSides = Readonly<Record<Side, ReadBody>>;
interface List {
  readonly rows: readonly TimedRow[];
  readonly full: boolean;
}

/** The bodies of one look, each read once: for its own endpoint, and for the statistics that follow from it. */
export class LookBodies {
  private readonly read = new Map<FetchedPair, BothSides>();
  private readonly plans = new Map<Endpoint, Plan>();
  private planOfStats: Plan | undefined;

  constructor(private readonly job: JudgeJob) {}

  of(pair: FetchedPair): BothSides {
    const known = this.read.get(pair);
    if (known) return known;
    const plan = this.planOf(pair.endpoint);
    const both = { baseline: readFetched(plan, pair.baseline), app: readFetched(plan, pair.app) };
    this.read.set(pair, both);
    return both;
  }

  /** One more answer of the app, to be compared with the one in `of`. */
  another(endpoint: Endpoint, fetched: FetchedBody): ReadBody {
    return readFetched(this.planOf(endpoint), fetched);
  }

  /** The lists of one side, and those of later where there are. */
  lists(side: Side): StatsLists & { readonly later: StatsLists | undefined } {
    const { parts, later } = this.job;
    return { ...this.listsOf(parts, side), later: later && this.listsOf(later, side) };
  }

  /** The statistics as one value, or why they cannot be read. */
  statsBody(fetched: FetchedBody): { readonly value: Json; readonly refusal: string | null } {
    this.planOfStats ??= makePlan(wholeBody, { seed: this.job.seed });
    const body = readFetched(this.planOfStats, fetched);
    return body.refusal ? { value: null, refusal: body.refusal.sentence } : { value: body.rowAt(0), refusal: null };
  }

  private planOf(endpoint: Endpoint): Plan {
    const plan = this.plans.get(endpoint) ?? planFor(endpoint, this.job.seed);
    this.plans.set(endpoint, plan);
    return plan;
  }

  private listsOf(pairs: readonly FetchedPair[], side: Side): StatsLists {
    const [entries, moods] = [this.list(pairs, 'entry', side), this.list(pairs, 'mood', side)];
    return { entries: entries.rows, entriesFull: entries.full, moods: moods.rows, moodsFull: moods.full };
  }

  /** A list that could not be read counts as full and empty: nothing can be derived from it. */
  private list(pairs: readonly FetchedPair[], kind: 'entry' | 'mood', side: Side): List {
    const pair = pairs.find(({ endpoint }) => endpoint.kind === kind);
    const body = pair?.[side].ok ? this.of(pair)[side] : undefined;
    if (!pair || !body || body.refusal) return { rows: [], full: true };
    return { rows: timedRows(body), full: isFull(pair.endpoint, body.rowCount) };
  }
}

const wholeBody = { rows: null, order: 'set', identity: null, key: [], rules: [], outside: [] } as const;

const readFetched = (plan: Plan, fetched: FetchedBody): ReadBody =>
  readBody(plan, fetched.ok ? fetched.body : new Uint8Array());

const timedRows = (body: ReadBody): TimedRow[] =>
  Array.from({ length: body.rowCount }, (_, row) => {
    const value = body.rowAt(row);
    const text = (name: string) => (isObject(value) && typeof value[name] === 'string' ? value[name] : undefined);
    const mood = text('mood');
    return { time: isoMs(text('created_at') ?? ''), ...(mood === undefined ? {} : { mood }) };
  });
