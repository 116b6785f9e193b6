import type { Canary } from './canaries.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { findMarkerNumber } from '#libs/parity/src/marker.js';

/**
 * What an app answers for.
 *   since-join  what it acknowledged, in closed fills, since it joined
 *   full        also what the baseline shows of fills that closed before the app joined, and of what it has refused: for labs where
 *               students start from a copy. What was never sent because of us, and what ended unknown, obliges nobody there either.
 */
export type History = 'since-join' | 'full';

/** One row that an app answers for: it acknowledged the write, in a fill that is closed, after it joined; or it is inherited. */
export interface Obligation {
  readonly marker: string;
  readonly payload: WritePayload;
  readonly fill: number;
  /** Position within the fill; (fill, index) is the order of writing. */
  readonly index: number;
  /** Of an inherited one when the baseline did. */
  readonly acknowledgedAt: string | null;
  /** Its row is not older than this, and may be minutes older than the acknowledgement: that may be a row found by its marker. */
  readonly sentAt?: string | null;
}

/** What an app was sent of one kind, as far as a look needs it. */
export interface Ledger {
  /** All that it answers for; `obligations` are the newest of them, in the order of writing. */
  readonly acknowledged: number;
  readonly obligations: readonly Obligation[];
  /** Writes near them that oblige nobody: refused, unknown, of an open fill, from before it joined. They tell the order of rows only. */
  readonly others: readonly Obligation[];
  /** With full history: writes of the baseline that the app never acknowledged and answers for while the baseline shows them. */
  readonly inherited?: readonly Obligation[];
  /** Rows of the baseline that it cannot have by its own strength, oldest first. */
  readonly canaries?: readonly Canary[];
}

export const emptyLedger: Ledger = { acknowledged: 0, obligations: [], others: [] };

/** The number by which the engine knows the row: the marker's, or the value itself. */
export const identityOf = ({ marker, payload }: Obligation): number =>
  payload.kind === 'value' ? payload.value : findMarkerNumber(marker);

/** What is sent must come back: these fields, exactly. */
export function expectedFields(payload: WritePayload): Record<string, string | number> {
  if (payload.kind === 'entry') return { text: payload.text };
  if (payload.kind === 'mood') return { mood: payload.mood, note: payload.note };
  return { number: payload.value };
}
