import type { z } from 'zod';
import type { Exchange, Outcome } from '../exchange.js';
import type { RowIds } from '../row-ids.js';
import type { Tally } from '../tally.js';
import type { Turns } from '../turns.js';

/** The way on: the faults further in, and at the end the app itself. */
export type Next = (exchange: Exchange) => Promise<Outcome>;

/** One configured fault. It stands in the way of every exchange while it is on. */
export interface FaultAtWork {
  /** What it does, with its numbers, as one sentence. */
  sentence: string;
  around(exchange: Exchange, next: Next): Promise<Outcome>;
  /** In place of `around` while it is off, for what has to stay consistent with the time when it was on. */
  aside?(exchange: Exchange, next: Next): Promise<Outcome>;
  /** True when writes of one kind must come through one after the other. */
  ordersWrites?: boolean;
  /** Told after it was switched, and with `false` before the proxy closes. */
  turned?(on: boolean): Promise<void>;
}

/** What a fault may use besides the exchange. */
export interface Bench {
  ids: Record<'entry' | 'mood', RowIds>;
  tally: Tally;
  turns: Turns;
  seed: number;
  now(): number;
  port: { shut(): void; reopen(): Promise<void> };
}

/** What a fault is configured with, and how it is made from that. */
export interface FaultKind<Options extends z.ZodType<{ name: string }>> {
  options: Options;
  build(options: z.output<Options>, bench: Bench): FaultAtWork;
}

/** Ties the type of the options to the function that takes them. */
export const faultKind = <Options extends z.ZodType<{ name: string }>>(kind: FaultKind<Options>): FaultKind<Options> =>
  kind;
