// The app has no data of its own to show: its reads are the baseline's.
import { z } from 'zod';
import { listings, readKinds, type ReadKind } from '../asked.js';
import { whole, type Exchange, type WholeAnswer } from '../exchange.js';
import { Upstream } from '../upstream.js';
import { faultKind } from './fault.js';
import { listed } from './ordinal.js';

const address = z.url({ protocol: /^http$/ });
const reads = z
  .array(z.enum(readKinds))
  .min(1)
  .default([...readKinds]);

export const proxyBaseline = faultKind({
  options: z.strictObject({ name: z.literal('proxy-baseline'), baseline: address, reads }),
  build({ baseline, reads: kinds }) {
    const upstream = new Upstream(baseline);
    return {
      sentence: `It answers ${listed(kinds)} with what ${baseline} says.`,
      around: async (exchange, next) =>
        exchange.read && kinds.includes(exchange.read) ? upstream.send(exchange) : next(exchange),
      turned: async (on) => {
        if (!on) upstream.close();
      },
    };
  },
});

export const redirectBaseline = faultKind({
  options: z.strictObject({ name: z.literal('redirect-baseline'), baseline: address, reads }),
  build({ baseline, reads: kinds }) {
    return {
      sentence: `It redirects ${listed(kinds)} to ${baseline}.`,
      async around(exchange, next) {
        if (!exchange.read || !kinds.includes(exchange.read)) return next(exchange);
        const location = new URL(exchange.url, baseline).href;
        return { status: 302, headers: { location, 'content-length': '0' }, body: Buffer.alloc(0) };
      },
    };
  },
});

export const copyBaseline = faultKind({
  options: z.strictObject({
    name: z.literal('copy-baseline'),
    baseline: address,
    /** Reads are counted from 1 while the fault is on; before this one it is faithful. */
    servedFrom: z.int().min(1).default(1),
  }),
  build({ baseline, servedFrom }) {
    const upstream = new Upstream(baseline);
    let count = 0;
    let copy: Promise<ReadonlyMap<ReadKind, WholeAnswer>> | undefined;
    return {
      sentence: `It copies the baseline’s answers once, at its read ${servedFrom}, and passes the copy off as its own.`,
      async around(exchange, next) {
        if (!exchange.read || ++count < servedFrom) return next(exchange);
        copy ??= copyOf(upstream, exchange);
        return (await copy).get(exchange.read)!;
      },
      turned: async (on) => {
        if (!on) upstream.close();
      },
    };
  },
});

async function copyOf(upstream: Upstream, exchange: Exchange): Promise<ReadonlyMap<ReadKind, WholeAnswer>> {
  const answers = readKinds.map(
    async (kind) => [kind, await whole(await upstream.send(exchange.get(listings[kind].path)))] as const,
  );
  return new Map(await Promise.all(answers));
}
