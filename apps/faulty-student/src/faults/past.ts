// What is shown is older than what is stored.
import { z } from 'zod';
import { listings, readKinds, rowsAsked, type ReadKind } from '../asked.js';
import { jsonOf, whole, withJson, type Exchange, type WholeAnswer } from '../exchange.js';
import { faultKind, type FaultAtWork, type Next } from './fault.js';

type Copy = ReadonlyMap<ReadKind, WholeAnswer>;

export const staleCopy = faultKind({
  options: z.strictObject({
    name: z.literal('stale-copy'),
    /** Reads are counted from 1 while the fault is on; the copy is taken just before read `copiedAt`. */
    copiedAt: z.int().min(1).default(1),
    servedFrom: z.int().min(1),
    /** For how many reads; without it, for good. */
    reads: z.int().min(1).optional(),
  }),
  build({ copiedAt, servedFrom, reads = Infinity }): FaultAtWork {
    let count = 0;
    let copy: Promise<Copy> | undefined;
    return {
      sentence: `It copies its answers at read ${copiedAt} and serves the copy from read ${servedFrom} on${reads === Infinity ? '' : `, ${reads} times`}.`,
      async around(exchange, next) {
        if (!exchange.read) return next(exchange);
        const n = ++count;
        if (n >= copiedAt) copy ??= takeCopy(exchange, next);
        const taken = await copy; // also by the read that has it taken: what comes after must not be in it
        const old = n >= servedFrom && n < servedFrom + reads ? taken?.get(exchange.read) : undefined;
        return old ? cutToLimit(exchange, old) : next(exchange);
      },
    };
  },
});

async function takeCopy(exchange: Exchange, next: Next): Promise<Copy> {
  const copy = new Map<ReadKind, WholeAnswer>();
  for (const kind of readKinds) {
    const outcome = await next(exchange.get(listings[kind].path));
    if (outcome !== 'reset') copy.set(kind, await whole(outcome));
  }
  return copy;
}

function cutToLimit(exchange: Exchange, answer: WholeAnswer): WholeAnswer {
  const body = jsonOf(answer);
  if (exchange.read === 'stats' || !Array.isArray(body?.rows)) return answer;
  return withJson(answer, { ...body, rows: body.rows.slice(0, rowsAsked(exchange.read!, exchange.url)) });
}

interface Row {
  id: number;
  created_at: string;
}
interface Overview {
  last7_days: { date: string; count: number }[];
  total_entries: number;
  entries_today: number;
}
const rememberedMax = 5_000;

export const resurrect = faultKind({
  options: z.strictObject({ name: z.literal('resurrect') }),
  build(): FaultAtWork {
    const seen = { entries: new Map<number, Row>(), moods: new Map<number, Row>() };
    const around = async (exchange: Exchange, next: Next) => {
      const kind = exchange.read;
      if (kind === 'stats') return withDeleted(exchange, next, seen.entries);
      const outcome = await next(exchange);
      if ((kind !== 'entries' && kind !== 'moods') || outcome === 'reset') return outcome;
      const answer = await whole(outcome);
      const rows = jsonOf(answer)?.rows as Row[] | undefined;
      if (!rows) return answer;
      const asked = rowsAsked(kind, exchange.url);
      const gone = deleted(seen[kind], rows, rows.length === asked);
      for (const row of rows) remember(seen[kind], row);
      return gone.length === 0
        ? answer
        : withJson(answer, { rows: [...rows, ...gone].sort(newestFirst).slice(0, asked) });
    };
    return { sentence: 'It goes on showing deleted entries and moods that it once showed.', around };
  },
});

const newestFirst = (a: Row, b: Row) => Date.parse(b.created_at) - Date.parse(a.created_at) || b.id - a.id;

function remember(seen: Map<number, Row>, row: Row): void {
  seen.set(row.id, row);
  if (seen.size > rememberedMax) seen.delete(seen.keys().next().value!);
}

/** Rows seen once that are not among `rows`, within the stretch that `rows` covers when they are only the newest. */
function deleted(seen: ReadonlyMap<number, Row>, rows: readonly Row[], onlyNewest: boolean): Row[] {
  const present = new Set(rows.map(({ id }) => id));
  const oldest = onlyNewest ? rows.at(-1) : undefined;
  return [...seen.values()].filter((row) => !present.has(row.id) && (!oldest || newestFirst(row, oldest) < 0));
}

async function withDeleted(exchange: Exchange, next: Next, seen: ReadonlyMap<number, Row>) {
  const outcome = await next(exchange);
  const listing = await next(exchange.get(listings.entries.path));
  if (outcome === 'reset' || listing === 'reset') return 'reset';
  const [answer, rows] = [await whole(outcome), jsonOf(await whole(listing))?.rows as Row[] | undefined];
  const data = jsonOf(answer)?.data as Overview | undefined;
  if (!rows || !data) return answer;
  const gone = deleted(seen, rows, rows.length === listings.entries.rowsMax);
  const on = (day: string) => gone.filter(({ created_at: at }) => at.startsWith(day)).length;
  return withJson(answer, {
    data: {
      ...data,
      last7_days: data.last7_days.map(({ date, count }) => ({ date, count: count + on(date) })),
      total_entries: data.total_entries + gone.length,
      entries_today: data.entries_today + on(data.last7_days.at(-1)!.date),
    },
  });
}
