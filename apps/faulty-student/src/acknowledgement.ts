import { listings, type WriteKind } from './asked.js';
import { jsonOf, whole, withJson, type Exchange, type WholeAnswer } from './exchange.js';
import type { Next } from './faults/fault.js';

const moods = ['grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized'];
const plain = (value: unknown): value is string => typeof value === 'string' && !/\p{Surrogate}|\0/u.test(value);

/** A row as the app would store it. */
export type Row = Record<string, string | number>;

/**
 * What the app would store for a posted body, or undefined when it would refuse it or when that is not plain to see
 * (values that are not text, half emoji): such writes pass through untouched and uncounted.
 */
export function rowToStore(kind: WriteKind, body: Record<string, unknown>): Row | undefined {
  if (kind === 'entry') {
    const text = plain(body.text) ? body.text.trim() : '';
    return text.length >= 1 && text.length <= 200 ? { text } : undefined;
  }
  if (kind === 'mood') {
    const note = body.note ?? '';
    if (!plain(body.mood) || !plain(note)) return undefined;
    const cut = note.trim().slice(0, 240);
    return moods.includes(body.mood.toLowerCase()) && plain(cut)
      ? { mood: body.mood.toLowerCase(), note: cut }
      : undefined;
  }
  const number = typeof body.value === 'string' && /^ *[+-]?\d{1,15} *$/.test(body.value) ? Number(body.value) : NaN;
  return number >= -2_147_483_648 && number <= 2_147_483_647 ? { number } : undefined;
}

/** The app as it is at this moment: its newest row of a kind, and the headers that it sends. */
interface Glimpse {
  newestId: number;
  headers: WholeAnswer['headers'];
}

/** A look at the app before answering in its place; undefined when it would not have acknowledged anything just now. */
export async function glimpse(exchange: Exchange, next: Next): Promise<Glimpse | undefined> {
  const { path } = listings[exchange.write === 'mood' ? 'moods' : 'entries'];
  const outcome = await next(exchange.get(path.replace(/limit=\d+/, 'limit=1')));
  if (outcome === 'reset') return undefined;
  const answer = await whole(outcome);
  const rows = answer.status === 200 ? (jsonOf(answer)?.rows as { id: number }[] | undefined) : undefined;
  if (!rows) return undefined;
  return { newestId: rows[0]?.id ?? 0, headers: answer.headers };
}

/** An acknowledgement as the app itself would give it for this request, with the same fields in the same order. */
export function acknowledge(exchange: Exchange, row: Row, headers: WholeAnswer['headers']): WholeAnswer {
  const answer = { status: 200, headers, body: Buffer.alloc(0) };
  if (exchange.write === 'value') return withJson(answer, { working: true });
  if (/^\/api\/server/i.test(exchange.url)) return withJson(answer, { ok: true });
  return withJson(answer, { ok: true, [exchange.write!]: row });
}
