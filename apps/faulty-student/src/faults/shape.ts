// The rows are right, but they come in another order, with other types, or in another wrapping.
import { z } from 'zod';
import { readKinds, type ReadKind } from '../asked.js';
import { jsonOf, whole, withJson, type Exchange, type Outcome, type WholeAnswer } from '../exchange.js';
import { faultKind, type Next } from './fault.js';
import { listed } from './ordinal.js';

type Json = Record<string, unknown>;

/** Sends the read on and hands a good JSON answer of one of `kinds` to `change`; all else stays as it is. */
async function changing(
  [exchange, next]: [Exchange, Next],
  kinds: readonly ReadKind[],
  change: (body: Json, answer: WholeAnswer) => Outcome,
): Promise<Outcome> {
  const outcome = await next(exchange);
  if (!exchange.read || !kinds.includes(exchange.read) || outcome === 'reset') return outcome;
  const answer = await whole(outcome);
  const body = answer.status === 200 ? jsonOf(answer) : undefined;
  return body ? change(body, answer) : answer;
}

export const reorder = faultKind({
  options: z.strictObject({
    name: z.literal('reorder'),
    how: z.enum(['reversed', 'shuffled']).default('reversed'),
    reads: z
      .array(z.enum(['entries', 'moods', 'values']))
      .min(1)
      .default(['entries', 'moods', 'values']),
  }),
  build({ how, reads }, { seed }) {
    const order =
      how === 'reversed' ? (rows: unknown[]) => rows.toReversed() : (rows: unknown[]) => shuffled(rows, seed);
    return {
      sentence: `It shows ${listed(reads)} ${how}.`,
      around: (exchange, next) =>
        changing([exchange, next], reads, (body, answer) =>
          Array.isArray(body.rows) ? withJson(answer, { ...body, rows: order(body.rows) }) : answer,
        ),
    };
  },
});

/** Fisher and Yates, with the xorshift generator: the same seed shuffles rows of one number alike. */
function shuffled(rows: readonly unknown[], seed: number): unknown[] {
  const result = [...rows];
  let state = (seed ^ 0x9e3779b9) | 1;
  for (let last = result.length - 1; last > 0; last--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

export const retype = faultKind({
  options: z.strictObject({
    name: z.literal('retype'),
    reads: z.array(z.enum(readKinds)).min(1).default(['values']),
  }),
  build({ reads }) {
    return {
      sentence: `It shows the numbers in ${listed(reads)} as text.`,
      around: (exchange, next) =>
        changing([exchange, next], reads, (body, answer) => {
          const part = exchange.read === 'stats' ? 'data' : 'rows';
          return withJson(answer, { ...body, [part]: asText(body[part]) });
        }),
    };
  },
});

function asText(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner)]));
}

export const wrongShape = faultKind({
  options: z.strictObject({
    name: z.literal('wrong-shape'),
    how: z.enum(['unwrapped', 'html', 'cut']).default('unwrapped'),
    reads: z
      .array(z.enum(readKinds))
      .min(1)
      .default([...readKinds]),
  }),
  build({ how, reads }) {
    const shapes: Record<typeof how, (body: Json, answer: WholeAnswer) => Outcome> = {
      unwrapped: (body, answer) => withJson(answer, body.rows ?? body.data),
      html: () => html,
      cut: (body, answer) => ({ ...withJson(answer, body), body: answer.body.subarray(0, answer.body.length >> 1) }),
    };
    return {
      sentence: `It answers ${listed(reads)} with ${{ unwrapped: 'bare rows', html: 'an HTML page', cut: 'half of the JSON' }[how]}.`,
      around: (exchange, next) => changing([exchange, next], reads, shapes[how]),
    };
  },
});

const html = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from('<!doctype html><html><head><title>App</title></head><body><div id="root"></div></body></html>\n'),
};

export const twoFaced = faultKind({
  options: z.strictObject({ name: z.literal('two-faced') }),
  build() {
    return {
      sentence: 'It shows all its rows to the lab, and to everybody else only the older half of each list.',
      around: (exchange, next) =>
        exchange.headers['user-agent']?.startsWith('lockstep')
          ? next(exchange)
          : changing([exchange, next], ['entries', 'moods', 'values'], (body, answer) =>
              Array.isArray(body.rows)
                ? withJson(answer, { ...body, rows: body.rows.slice(Math.ceil(body.rows.length / 2)) })
                : answer,
            ),
    };
  },
});
