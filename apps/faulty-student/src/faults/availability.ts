// The app is down, now and then down, slow, or its port is closed.
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Exchange, Outcome } from '../exchange.js';
import { faultKind, type FaultAtWork, type Next } from './fault.js';
import { every } from './ordinal.js';

const how = z.enum(['503', 'reset']).default('503');
const count = z.int().min(1);
const saying = { '503': 'answers 503', reset: 'resets the connection' } as const;

function failing(way: '503' | 'reset'): Outcome {
  if (way === 'reset') return 'reset';
  const headers = { 'content-type': 'text/html; charset=utf-8', 'retry-after': '1' };
  return { status: 503, headers, body: Buffer.from('<html><body><h1>503 Service Unavailable</h1></body></html>\n') };
}

export const down = faultKind({
  options: z.strictObject({
    name: z.literal('down'),
    how,
    /** Numbers of requests, first and last, counted from 1 while the fault is on. Without windows: always. */
    windows: z
      .array(z.strictObject({ from: count, to: count }))
      .min(1)
      .optional(),
  }),
  build({ how: way, windows }) {
    let requests = 0;
    const said = windows?.map(({ from, to }) => `${from} to ${to}`).join(', ');
    return {
      sentence: `It ${saying[way]} ${said ? `for requests ${said}` : 'always'}.`,
      async around(exchange, next) {
        requests++;
        const inside = windows?.some(({ from, to }) => requests >= from && requests <= to) ?? true;
        return inside ? failing(way) : next(exchange);
      },
    };
  },
});

export const flapping = faultKind({
  options: z.strictObject({ name: z.literal('flapping'), up: count, down: count, how }),
  build({ up, down: fails, how: way }) {
    let requests = 0;
    return {
      sentence: `It serves ${up} requests, then ${saying[way]} for ${fails}, over and over.`,
      around: async (exchange, next) => (requests++ % (up + fails) < up ? next(exchange) : failing(way)),
    };
  },
});

export const slow = faultKind({
  options: z.strictObject({
    name: z.literal('slow'),
    delayMs: z.int().min(1).max(120_000),
    everyNth: count.default(1),
    only: z.enum(['reads', 'writes']).optional(),
  }),
  build({ delayMs, everyNth, only }) {
    let concerned = 0;
    const concerns = ({ read, write }: Exchange) => (only ? Boolean(only === 'reads' ? read : write) : true);
    return {
      sentence: `It holds ${every(everyNth, only?.slice(0, -1) ?? 'request')} for ${delayMs} ms.`,
      async around(exchange, next) {
        if (concerns(exchange) && ++concerned % everyNth === 0) await wait(delayMs, undefined, { ref: false });
        return next(exchange);
      },
    };
  },
});

export const refuseConnections = faultKind({
  options: z.strictObject({
    name: z.literal('refuse-connections'),
    afterRequests: z.int().min(0),
    forMs: z.int().min(1).max(600_000),
  }),
  build({ afterRequests, forMs }, { port }): FaultAtWork {
    let requests = 0;
    let timer: NodeJS.Timeout | undefined;
    const shut = () => {
      port.shut();
      timer = setTimeout(() => void port.reopen(), forMs);
    };
    const around = async (exchange: Exchange, next: Next) => {
      if (++requests === afterRequests) shut(); // requests under way, this one included, are still answered
      return next(exchange);
    };
    const turned = async (on: boolean) => {
      clearTimeout(timer);
      requests = 0;
      if (!on) return port.reopen();
      if (afterRequests === 0) shut();
    };
    return { sentence: `It closes its port for ${forMs} ms after ${afterRequests} requests.`, around, turned };
  },
});
