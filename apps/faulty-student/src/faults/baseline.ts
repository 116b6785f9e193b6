// The app has no data of its own to show: its reads are the baseline's.
import { z } from 'zod';
import { readKinds } from '../asked.js';
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
