/**
 * When to look for the marker of a write whose outcome was not seen. One look is not enough: a row may show late, and whoever sent it
 * may still be sending (a claim that was lost, not a process that died). A row that shows later still harms nobody: what is unknown
 * obliges nobody.
 */
export interface Looked {
  /** Looks that the app answered, the last one included. */
  readonly looks: number;
  /** Looks that our side could not make. */
  readonly failures: number;
  /** `sent`: nobody has recorded how the exchange ended. `unknown`: it has ended. */
  readonly state: 'sent' | 'unknown';
  /** Since the write was marked sent. */
  readonly ageMs: number;
}

/** Between two looks. */
export const lookAgainMs = 3_000;
const looksMin = 2;
const failuresMax = 5;
/** No exchange of ours lasts longer once it has begun. */
export const sendMsMax = 10_000;

/** Whether what is not there by now is called unknown for good; else it is looked for again in `lookAgainMs`. */
export const isFinal = ({ looks, failures, state, ageMs }: Looked): boolean =>
  failures >= failuresMax || (looks >= looksMin && (state === 'unknown' || ageMs >= sendMsMax));
