// Writes get lost, doubled, cut or held back on their way into the database.
import { z } from 'zod';
import { acknowledge, glimpse, rowToStore, type Row } from '../acknowledgement.js';
import { writeKinds, type WriteKind } from '../asked.js';
import { isAcknowledged, jsonOf, whole, withJson, type Exchange, type Outcome } from '../exchange.js';
import { LateWrites } from '../late-writes.js';
import { faultKind, type Bench, type FaultAtWork, type Next } from './fault.js';
import { every, listed } from './ordinal.js';

const everyNth = z.int().min(1);
const kinds = z
  .array(z.enum(writeKinds))
  .min(1)
  .default([...writeKinds]);

/** Counts per kind and says which are the nth ones. */
function nth(n: number): (kind: WriteKind) => boolean {
  const counts = { entry: 0, mood: 0, value: 0 };
  return (kind) => ++counts[kind] % n === 0;
}

export const truncate = faultKind({
  options: z.strictObject({
    name: z.literal('truncate'),
    charactersMax: z.int().min(1).max(240),
    kinds: z
      .array(z.enum(['entry', 'mood']))
      .min(1)
      .default(['entry', 'mood']),
  }),
  build({ charactersMax, kinds: cut }) {
    return {
      sentence: `It cuts the text of ${listed(cut)} at ${charactersMax} characters.`,
      async around(exchange, next) {
        const field = exchange.write === 'entry' ? 'text' : exchange.write === 'mood' ? 'note' : undefined;
        if (!field || !cut.includes(exchange.write as 'entry' | 'mood')) return next(exchange);
        const body = await exchange.json();
        const text = body?.[field];
        if (typeof text !== 'string' || text.trim().length <= charactersMax) return next(exchange);
        return next(exchange.withJson({ ...body, [field]: text.trim().slice(0, charactersMax) }));
      },
    };
  },
});

const valueMax = 2_147_483_647;

/** A number as a column of 32-bit floating point keeps it: 24 bits of it, and no further than the app takes values. */
const asFloat = (value: number): number => Math.min(Math.fround(value), valueMax);

export const roundedValues = faultKind({
  options: z.strictObject({ name: z.literal('rounded-values') }),
  build() {
    return {
      sentence: 'It stores values as 32-bit floating point: those over 16,777,216 are rounded.',
      async around(exchange, next) {
        const body = exchange.write === 'value' ? await exchange.json() : undefined;
        const number = (body && rowToStore('value', body))?.number as number | undefined;
        if (number === undefined || asFloat(number) === number) return next(exchange);
        return next(exchange.withJson({ ...body, value: String(asFloat(number)) }));
      },
    };
  },
});

export const dropAcknowledged = faultKind({
  options: z.strictObject({ name: z.literal('drop-acknowledged'), everyNth, kinds }),
  build({ everyNth: n, kinds: dropped }, bench): FaultAtWork {
    const acknowledged = { entry: 0, mood: 0, value: 0 };
    const renumber = async (exchange: Exchange, next: Next) => renumbered(exchange, await next(exchange), bench);
    return {
      sentence: `It acknowledges and drops ${listed(dropped.map((kind) => every(n, kind)))}.`,
      ordersWrites: true,
      aside: renumber,
      async around(exchange, next) {
        const write = await plainWrite(exchange, dropped);
        if (!write) return renumber(exchange, next);
        const due = (acknowledged[write.kind] + 1) % n === 0;
        const outcome = (due && (await drop(write, next, bench))) || (await renumber(exchange, next));
        if (outcome === 'reset') return outcome;
        const answer = await whole(outcome);
        if (isAcknowledged(answer)) acknowledged[write.kind]++;
        return answer;
      },
    };
  },
});

interface PlainWrite {
  exchange: Exchange;
  kind: WriteKind;
  body: Record<string, unknown>;
  row: Row;
}

/** A write of one of `kinds` that the app would store, or undefined. */
async function plainWrite(exchange: Exchange, among: readonly WriteKind[]): Promise<PlainWrite | undefined> {
  const kind = exchange.write;
  const body = kind && among.includes(kind) ? await exchange.json() : undefined;
  const row = body && rowToStore(kind!, body);
  return row && { exchange, kind: kind!, body, row };
}

/** Answers a write in the app's place and forgets it; undefined when the app is not there to acknowledge anything. */
async function drop({ exchange, kind, body, row }: PlainWrite, next: Next, bench: Bench) {
  const app = await glimpse(exchange, next);
  if (!app) return undefined;
  const id = kind === 'value' ? 0 : bench.ids[kind].spend(app.newestId + bench.tally.waiting[kind]);
  const answer = acknowledge(exchange, { id, ...row, created_at: new Date(bench.now()).toISOString() }, app.headers);
  bench.tally.keep('dropped', { kind, body, answer: jsonOf(answer)! });
  return answer;
}

/** Shows ids as if the dropped rows had taken theirs, in listings and in acknowledgements alike. */
async function renumbered({ write, read }: Exchange, outcome: Outcome, { ids }: Bench): Promise<Outcome> {
  const kind = write ?? (read === 'entries' ? 'entry' : read === 'moods' ? 'mood' : undefined);
  if (outcome === 'reset' || (kind !== 'entry' && kind !== 'mood')) return outcome;
  const answer = await whole(outcome);
  const body = jsonOf(answer);
  const show = (row: { id: number }) => ({ ...row, id: ids[kind].shown(row.id) });
  if (Array.isArray(body?.rows))
    return ids[kind].isUnspent ? answer : withJson(answer, { ...body, rows: body.rows.map(show) });
  const own = body?.[kind] as { id: number } | undefined;
  return own && !ids[kind].isUnspent ? withJson(answer, { ...body, [kind]: show(own) }) : answer;
}

export const duplicate = faultKind({
  options: z.strictObject({ name: z.literal('duplicate'), everyNth, kinds }),
  build({ everyNth: n, kinds: doubled }, { tally }) {
    const isNth = nth(n);
    return {
      sentence: `It stores ${listed(doubled.map((kind) => every(n, kind)))} twice.`,
      ordersWrites: true,
      async around(exchange, next) {
        const kind = exchange.write;
        if (!kind || !doubled.includes(kind)) return next(exchange);
        const body = await exchange.json();
        const outcome = await next(exchange);
        if (outcome === 'reset' || !body) return outcome;
        const answer = await whole(outcome);
        if (!isAcknowledged(answer) || !isNth(kind)) return answer;
        const again = await next(exchange);
        if (again !== 'reset' && isAcknowledged(await whole(again)))
          tally.keep('doubled', { kind, body, answer: jsonOf(answer)! });
        return answer;
      },
    };
  },
});

export const lagging = faultKind({
  options: z.strictObject({ name: z.literal('lagging'), lagMs: z.int().min(1).max(600_000), kinds }),
  build({ lagMs, kinds: held }, bench): FaultAtWork {
    const late = new LateWrites(lagMs, bench.tally, bench.turns);
    return {
      sentence: `It stores ${listed(held)} writes ${lagMs} ms after it acknowledged them.`,
      ordersWrites: true,
      async around(exchange, next) {
        const write = await plainWrite(exchange, held);
        const app = write && (await glimpse(exchange, next));
        if (!app) return next(exchange);
        const { kind, body, row } = write;
        const id = app.newestId + bench.tally.waiting[kind] + 1;
        const answer = acknowledge(
          exchange,
          { id, ...row, created_at: new Date(bench.now()).toISOString() },
          app.headers,
        );
        late.add({ kind, body, answer: jsonOf(answer)! }, () => next(exchange));
        return answer;
      },
      turned: async (on) => {
        if (!on) await late.flush();
      },
    };
  },
});
