import type { Endpoint } from './endpoints.js';
import type { Ledger, Obligation } from './obligation.js';
import type { WriteKind, WritePayload } from '#libs/contracts/src/filler.js';

/** The newest writes of one kind that are carried into a look, of those that oblige and of those that do not: twice what a window shows. */
export const carriedMax: Record<WriteKind, number | null> = { entry: 400, mood: 200, value: null };

/**
 * A ledger as the database gives it: what obliges and what does not in one JSON text, which the service hands on as it is, to the judge
 * and into the evidence. All fills that hold something of what is carried, newest first, and perhaps more: `[KeptFill, …]`.
 */
export interface KeptLedger extends Omit<Ledger, 'obligations' | 'others'> {
  readonly fills: string;
}

/** `owes` false: nothing of this fill obliges the app. The writes in any order. */
export type KeptFill = readonly [fill: number, owes: boolean, writes: readonly KeptWrite[]];
/** `isOwed`: it obliges the app where its fill does. Times in ISO 8601. */
export type KeptWrite = readonly [marker: string, payload: WritePayload, index: number, isOwed: boolean, acknowledgedAt: string | null, sentAt: string | null]; // prettier-ignore

/** What is carried, in the order of writing: the newest that oblige and, of their fills and later ones, the newest that do not. */
export function opened(kind: Endpoint['kind'], ledger: Ledger | KeptLedger): Ledger {
  if (!('fills' in ledger)) return ledger;
  const { fills, ...rest } = ledger;
  const [owed, free]: [Obligation[], Obligation[]] = [[], []];
  for (const [fill, owes, writes] of JSON.parse(fills) as KeptFill[])
    for (const [marker, payload, index, isOwed, acknowledgedAt, sentAt] of writes)
      (owes && isOwed ? owed : free).push({ marker, payload, fill, index, acknowledgedAt, sentAt });
  const max = (kind === 'stats' ? null : carriedMax[kind]) ?? Infinity;
  const obligations = inOrder(owed).slice(-max);
  const first = obligations[0]?.fill ?? Infinity;
  const others = max === Infinity ? [] : inOrder(free.filter(({ fill }) => fill >= first)).slice(-max);
  return { ...rest, obligations, others };
}

const inOrder = (writes: readonly Obligation[]): Obligation[] =>
  writes.toSorted((a, b) => a.fill - b.fill || a.index - b.index);
