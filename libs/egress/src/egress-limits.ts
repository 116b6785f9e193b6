// Every limit of an outgoing request, with its default. A caller may set others per client or per request.

import type { AdmissionLimits } from './admission.js';

const KiB = 1024;
const MiB = 1024 * KiB;

/** Limits of one request. */
export interface RequestLimits {
  /** From the start of DNS to the last byte; waiting for a free slot does not count. */
  readonly totalMs: number;
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** From the request to the end of the answer's headers; interim (1xx) answers do not prolong it. */
  readonly headersMs: number;
  /** The body as it comes, before unpacking. */
  readonly wireBytesMax: number;
  /** The body after unpacking, counted while it unpacks. */
  readonly bodyBytesMax: number;
  /** Unpacked bytes per byte that they were unpacked from, once there are more than `ratioFromBytes`. */
  readonly ratioMax: number;
  readonly ratioFromBytes: number;
  /** Wire bytes a second, in every stretch of `rateWindowMs` after the headers. */
  readonly rateBytesMin: number;
  readonly rateWindowMs: number;
  /** After this many pieces of the body (chunks, or reads of the socket) they must hold `pieceBytesMin` on average: each costs time. */
  readonly piecesFree: number;
  readonly pieceBytesMin: number;
  readonly requestBytesMax: number;
}

export const requestLimits: RequestLimits = {
  totalMs: 10_000,
  connectMs: 3_000,
  headersMs: 5_000,
  wireBytesMax: 16 * MiB,
  bodyBytesMax: 16 * MiB,
  ratioMax: 100,
  ratioFromBytes: MiB,
  rateBytesMin: KiB,
  rateWindowMs: 3_000,
  piecesFree: 10_000,
  pieceBytesMin: 64,
  requestBytesMax: MiB,
};

/** Limits of a client, over all its requests, beside those of their admission. */
export interface ClientLimits extends AdmissionLimits {
  readonly perOriginMax: number;
  /** For origins of EGRESS_ALLOW. */
  readonly perAllowedOriginMax: number;
  /** Requests a second to one address, and how many may start at once after a quiet time; see `AddressPace`. */
  readonly addressPerSecond: number;
  readonly addressBurst: number;
  /** For origins of EGRESS_ALLOW: the operator vouches for them. */
  readonly allowedAddressPerSecond: number;
  /** Bodies held in memory, all requests together; see `ByteBudget`. */
  readonly heldBytesMax: number;
  /** A kept connection without work is closed after this long. */
  readonly idleMs: number;
  /** A kept connection is not used for longer than this: DNS may have moved. */
  readonly connectionMsMax: number;
  /** Kept connections, all origins together; the one that was idle longest gives way. */
  readonly idleConnectionsMax: number;
}

export const clientLimits: ClientLimits = {
  activeMax: 256,
  graceMs: 100,
  lingeringMax: 2_048,
  perOriginMax: 2,
  perAllowedOriginMax: 8,
  // A class whose apps share one host is compared and filled within its interval; a victim is not brought down.
  addressPerSecond: 50,
  addressBurst: 50,
  allowedAddressPerSecond: Infinity,
  waitingMax: 10_000,
  waitingMsMax: 30_000,
  heldBytesMax: 256 * MiB,
  idleMs: 1_000,
  connectionMsMax: 30_000,
  idleConnectionsMax: 1_024,
};

/** The head of an answer; undici counts names and values. */
export const headerBytesMax = 16 * KiB;
