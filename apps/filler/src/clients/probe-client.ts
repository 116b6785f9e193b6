import { EgressClient } from '#libs/egress/src/egress-client.js';
import type { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import type { NameResolver } from '#libs/egress/src/resolver.js';

/** Injection token. */
export const PROBE_CLIENT = Symbol('probe client');

/**
 * A client of its own: a probe that waits behind fills, or behind probes that an app does not answer, would be late by our doing. The
 * timetable and the limit of time bound what is under way: 10 reads, 2 writes and 2 lists of one app; 8 windows in all bound the rest.
 * Trial writes come on top: one request of each at a time, 8 trials in all, and they may all be for one app, which may have a window.
 */
const perOriginMax = 24;

export const probeClient = (policy: EgressPolicy, resolver: NameResolver): EgressClient =>
  new EgressClient({
    policy,
    resolver,
    clientLimits: { perOriginMax, perAllowedOriginMax: perOriginMax, addressPerSecond: Infinity, waitingMsMax: 1_000 },
  });
