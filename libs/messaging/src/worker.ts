import { Injectable, SetMetadata } from '@nestjs/common';
import type { WorkRow } from './work.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface WorkSettings {
  /** Name of the work, as in `schedule(tx, kind, …)`. */
  readonly kind: string;
  /** How long a claim lasts without a sign of life; renewed three times within. */
  readonly leaseMs: number;
  /** Claims of one process at once. */
  readonly concurrency: number;
  /** After this many attempts that threw, `giveUp` is called instead. */
  readonly attemptsMax: number;
  /** For work that comes in crowds: claims share transactions. Then a part in a transaction may be done twice. */
  readonly sharing?: Sharing;
}

export interface Sharing {
  /** Claims in one transaction. */
  readonly claimsMax: number;
  /** For so long others are waited for, while more work is due; */
  readonly waitMs: number;
  /** and when none is left, for so long. */
  readonly lastWaitMs: number;
}

/**
 * What is to happen after a recorded attempt: nothing more, or again later, with a note for people. `newTrace`: the next attempt
 * has nothing to do with what made this one due, as with a timer.
 */
export type Next = 'done' | { readonly againInMs: number; readonly note?: string; readonly newTrace?: boolean };

/** A claimed piece of work. */
export interface Claim {
  readonly subject: string;
  /** 1 for the first attempt since it was last recorded. */
  readonly attempt: number;
  /** Aborted when the claim is lost or the service stops. */
  readonly signal: AbortSignal;
  /** A transaction that commits only while the claim is ours: for what must be on disk before the outside world is touched. */
  transaction<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
}

/**
 * A worker acts on the outside world at its own pace: claim → act (no transaction open) → record (one transaction, fenced).
 * If the process dies between act and record, the work is claimed again: `act` must find out what it has done already.
 */
export interface Worker<Seen> {
  act(claim: Claim): Promise<Seen>;
  record(claim: Claim, seen: Seen, tx: Tx): Promise<Next>;
  /** The last attempt threw, and `why` says what: end the matter in a way that costs nobody anything. */
  giveUp(claim: Claim, why: string, tx: Tx): Promise<Next>;
}

export const WORK_SETTINGS = Symbol('work settings');

export const Works =
  (settings: WorkSettings): ClassDecorator =>
  (target) => {
    Injectable()(target);
    SetMetadata(WORK_SETTINGS, settings)(target);
  };

export type { WorkRow };
