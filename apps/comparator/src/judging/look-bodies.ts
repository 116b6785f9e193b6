import { isFull, type Endpoint } from '../domain/endpoints.js';
import { planFor, readBody } from '../domain/readable-body.js';
import type { StatsLists, TimedRow } from '../domain/stats-judge.js';
import type { FetchedBody, FetchedPair, JudgeJob } from './judge-job.js';
import { rowValue, type BodyIndex } from '#libs/parity/src/body-index.js';
import { makePlan, type Plan } from '#libs/parity/src/plan.js';
import { isObject, type Json } from '#libs/parity/src/values.js';

type Side = 'baseline' | 'app';
interface List {
  readonly rows: readonly TimedRow[];
  readonly full: boolean;
}

/** The bodies of one look, each read once: for its own endpoint, and for the statistics that follow from it. */
export class LookBodies {
  private readonly indexes = new Map<FetchedPair, { readonly baseline: BodyIndex; readonly app: BodyIndex }>();

  constructor(private readonly job: JudgeJob) {}

  of(pair: FetchedPair): { readonly baseline: BodyIndex; readonly app: BodyIndex } {
    const known = this.indexes.get(pair);
    if (known) return known;
    const plan = planFor(pair.endpoint, this.job.seed);
    const both = { baseline: readFetched(plan, pair.baseline), app: readFetched(plan, pair.app) };
    this.indexes.set(pair, both);
    return both;
  }

  /** One more answer of the app, to be compared with the one in `of`. */
  another(endpoint: Endpoint, fetched: FetchedBody): BodyIndex {
    return readFetched(planFor(endpoint, this.job.seed), fetched);
  }

  /** The lists of one side, and those of later where there are. */
  lists(side: Side): StatsLists & { readonly later: StatsLists | undefined } {
    const { parts, later } = this.job;
    return { ...this.listsOf(parts, side), later: later && this.listsOf(later, side) };
  }

  /** The statistics as one value, or why they cannot be read. */
  statsBody(fetched: FetchedBody): { readonly value: Json; readonly refusal: string | null } {
    const index = readFetched(makePlan(wholeBody, { seed: this.job.seed }), fetched);
    return index.refusal
      ? { value: null, refusal: index.refusal.sentence }
      : { value: rowValue(index, 0), refusal: null };
  }

  private listsOf(pairs: readonly FetchedPair[], side: Side): StatsLists {
    const [entries, moods] = [this.list(pairs, 'entry', side), this.list(pairs, 'mood', side)];
    return { entries: entries.rows, entriesFull: entries.full, moods: moods.rows, moodsFull: moods.full };
  }

  /** A list that could not be read counts as full and empty: nothing can be derived from it. */
  private list(pairs: readonly FetchedPair[], kind: 'entry' | 'mood', side: Side): List {
    const pair = pairs.find(({ endpoint }) => endpoint.kind === kind);
    const index = pair?.[side].ok ? this.of(pair)[side] : undefined;
    if (!pair || !index || index.refusal) return { rows: [], full: true };
    return { rows: timedRows(index), full: isFull(pair.endpoint, index.rowCount) };
  }
}

const wholeBody = { rows: null, order: 'set', identity: null, key: [], rules: [], outside: [] } as const;

const readFetched = (plan: Plan, fetched: FetchedBody): BodyIndex =>
  readBody(plan, fetched.ok ? fetched.body : new Uint8Array());

const timedRows = (index: BodyIndex): TimedRow[] =>
  Array.from({ length: index.rowCount }, (_, row) => {
    const value = rowValue(index, row);
    const text = (name: string) => (isObject(value) && typeof value[name] === 'string' ? value[name] : undefined);
    const mood = text('mood');
    return { createdAt: text('created_at') ?? '', ...(mood === undefined ? {} : { mood }) };
  });
