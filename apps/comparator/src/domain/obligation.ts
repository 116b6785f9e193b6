import type { WritePayload } from '#libs/contracts/src/filler.js';
import { findMarkerNumber } from '#libs/parity/src/marker.js';

/** One row that an app answers for: it acknowledged the write, in a fill that is closed, after it joined. */
export interface Obligation {
  readonly marker: string;
  readonly payload: WritePayload;
  readonly fill: number;
  /** Position within the fill; (fill, index) is the order of writing. */
  readonly index: number;
  readonly acknowledgedAt: string | null;
}

/** The number by which the engine knows the row: the marker's, or the value itself. */
export const identityOf = ({ marker, payload }: Obligation): number =>
  payload.kind === 'value' ? payload.value : findMarkerNumber(marker);

export const isBefore = (a: Obligation, b: Obligation): boolean =>
  a.fill < b.fill || (a.fill === b.fill && a.index < b.index);

/** What is sent must come back: these fields, exactly. */
export function expectedFields(payload: WritePayload): Record<string, string | number> {
  if (payload.kind === 'entry') return { text: payload.text };
  if (payload.kind === 'mood') return { mood: payload.mood, note: payload.note };
  return { number: payload.value };
}
