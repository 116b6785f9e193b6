import type { ReaderClients } from './app-reader.js';
import { EgressClient, type EgressClientOptions } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import type { Closing } from '#libs/platform/src/closing.js';

/** All endpoints of an app at once. */
const perAppMax = 4;
/** The baseline is read by every comparison; it must not queue behind them, nor wait for turns: staff chose its address. */
const perBaselineMax = 32;
/** Of its answers in memory while they come. */
const heldBytesMax = 128 * 1024 * 1024;

/** The comparator's ways to apps and baseline; closed with the service. */
export function openClients(allow: readonly string[], closing: Closing): ReaderClients {
  const policy = new EgressPolicy({ allow });
  const open = (clientLimits: NonNullable<EgressClientOptions['clientLimits']>) => {
    const client = new EgressClient({ policy, clientLimits });
    closing.add(() => client.close());
    return client;
  };
  return {
    apps: open({ perOriginMax: perAppMax }),
    baseline: open({
      perOriginMax: perBaselineMax,
      perAllowedOriginMax: perBaselineMax,
      addressPerSecond: Infinity,
      heldBytesMax,
    }),
  };
}
