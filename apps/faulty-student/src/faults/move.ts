// An app that has moved to another store: rows that were there by then are told from later ones, and lists and statistics
// follow from what its new store has.
import { listings, rowsAsked, type ReadKind } from '../asked.js';
import { jsonOf, whole, withJson, type Exchange, type Outcome } from '../exchange.js';
import type { FaultAtWork, Next } from './fault.js';

export type ListKind = Exclude<ReadKind, 'stats'>;

export interface Row {
  id?: number;
  created_at?: string;
  mood?: string;
}

/** The newest row of each list when the app moved: its id, or how many values there were. 0: none. */
export type Copied = Readonly<Record<ListKind, number>>;

/** One row as the old store has it, numbered as `Copied` is; `newest` is the number of the list's newest row by now. */
export interface Place {
  readonly kind: ListKind;
  readonly n: number;
  readonly copied: number;
  readonly newest: number;
}

export interface Move {
  sentence: string;
  /** Begins a read: says of each row how the new store shows it; undefined where it does not have it. */
  read(): (row: Row, place: Place) => Row | undefined;
  /** Changes what a sender is told about his write. */
  told?(body: Record<string, unknown>, copied: Copied): Record<string, unknown>;
}

/** A fault that begins with the first exchange after it is switched on. Until the app answers, it leaves everything alone. */
export function moving({ sentence, read, told }: Move, now: () => number): FaultAtWork {
  let looking: Promise<Copied | undefined> | undefined;
  const copiedBy = async (exchange: Exchange, next: Next) => {
    const mine = (looking ??= look(exchange, next).catch(() => undefined)); // the exchange itself will tell why
    const copied = await mine;
    if (!copied && looking === mine) looking = undefined; // the app is away: the next exchange looks again
    return copied;
  };
  return {
    sentence,
    turned: async (on) => {
      if (on) looking = undefined;
    },
    async around(exchange, next) {
      const copied = exchange.read || exchange.write ? await copiedBy(exchange, next) : undefined;
      if (!copied) return next(exchange);
      if (exchange.read) return answer(exchange, next, { copied, show: read(), nowMs: now() });
      const outcome = await next(exchange);
      if (!told || outcome === 'reset') return outcome;
      const said = await whole(outcome);
      const body = said.status === 200 ? jsonOf(said) : undefined;
      return body ? withJson(said, told(body, copied)) : said;
    },
  };
}

async function look(exchange: Exchange, next: Next): Promise<Copied | undefined> {
  const [entries, moods, values] = [
    await rowsOf('entries', exchange, next),
    await rowsOf('moods', exchange, next),
    await rowsOf('values', exchange, next),
  ];
  if (!entries || !moods || !values) return undefined;
  return { entries: newestOf(entries), moods: newestOf(moods), values: newestOf(values) };
}

/** The widest listing; undefined when the app does not answer with one. */
async function rowsOf(kind: ListKind, exchange: Exchange, next: Next): Promise<Row[] | undefined> {
  const outcome = await next(exchange.get(listings[kind].path));
  if (outcome === 'reset') return undefined;
  const said = await whole(outcome);
  const rows = said.status === 200 ? jsonOf(said)?.rows : undefined;
  return Array.isArray(rows) ? (rows as Row[]) : undefined;
}

/** Values have no ids, and stand in the order in which they came. */
const numberOf = (row: Row, index: number): number => row.id ?? index + 1;
const newestOf = (rows: readonly Row[]): number => Math.max(0, ...rows.map(numberOf));

interface Reading {
  copied: Copied;
  show: (row: Row, place: Place) => Row | undefined;
  nowMs: number;
}

const shown = (rows: readonly Row[], kind: ListKind, { copied, show }: Reading): Row[] => {
  const newest = newestOf(rows);
  return rows.flatMap((row, index) => show(row, { kind, n: numberOf(row, index), copied: copied[kind], newest }) ?? []);
};

async function answer(exchange: Exchange, next: Next, reading: Reading): Promise<Outcome> {
  const kind = exchange.read!;
  if (kind === 'stats') return counted(exchange, next, reading);
  const outcome = await next(exchange.get(listings[kind].path));
  if (outcome === 'reset') return outcome;
  const said = await whole(outcome);
  const body = said.status === 200 ? jsonOf(said) : undefined;
  if (!Array.isArray(body?.rows)) return said;
  const rows = shown(body.rows as Row[], kind, reading).slice(0, rowsAsked(kind, exchange.url));
  return withJson(said, { ...body, ...('rowCount' in body && { rowCount: rows.length }), rows });
}

interface Overview {
  last7_days: { date: string; count: number }[];
  mood_trend: { mood: string; count: number }[];
  total_entries: number;
  streak_days: number;
}
const weekMs = 7 * 86_400_000;

/** Statistics of what the new store has. Rows that are too old for the widest listing are counted as they were. */
async function counted(exchange: Exchange, next: Next, reading: Reading): Promise<Outcome> {
  const outcome = await next(exchange);
  if (outcome === 'reset') return outcome;
  const said = await whole(outcome);
  const data = said.status === 200 ? (jsonOf(said)?.data as Overview | undefined) : undefined;
  const entries = data && (await rowsOf('entries', exchange, next));
  const moods = entries && (await rowsOf('moods', exchange, next));
  if (!moods) return said;
  const own = shown(entries, 'entries', reading);
  const isOfWeek = ({ created_at: at }: Row) => Date.parse(at!) >= reading.nowMs - weekMs;
  const days = change(entries, own, ({ created_at: at }) => at!.slice(0, 10));
  const trend = change(moods.filter(isOfWeek), shown(moods, 'moods', reading).filter(isOfWeek), ({ mood }) => mood!);
  const last7 = data.last7_days.map(({ date, count }) => ({ date, count: count + (days.get(date) ?? 0) }));
  const gap = last7.toReversed().findIndex(({ count }) => count === 0);
  return withJson(said, {
    data: {
      ...data,
      last7_days: last7,
      mood_trend: data.mood_trend
        .map(({ mood, count }) => ({ mood, count: count + (trend.get(mood) ?? 0) }))
        .filter(({ count }) => count > 0)
        .sort((a, b) => b.count - a.count),
      total_entries: data.total_entries + own.length - entries.length,
      entries_today: last7.at(-1)!.count,
      streak_days: gap === -1 ? data.streak_days : Math.min(data.streak_days, gap),
    },
  });
}

/** By how much the number of rows of each name changes. */
function change(before: readonly Row[], after: readonly Row[], nameOf: (row: Row) => string): Map<string, number> {
  const changes = new Map<string, number>();
  const add = (row: Row, by: number) => changes.set(nameOf(row), (changes.get(nameOf(row)) ?? 0) + by);
  for (const row of before) add(row, -1);
  for (const row of after) add(row, 1);
  return changes;
}
