import type { WritePayload } from '#libs/contracts/src/filler.js';
import type { FillDriver as DriverName } from '#libs/contracts/src/shapes.js';

/**
 * How one write went.
 *   acknowledged  the app answered that it has it
 *   refused       the app answered that it has it not, or nothing was sent because the app could not be reached
 *   unknown       it may have left, and no answer was seen
 *   not-sent      nothing left, and the fault is ours: it may be tried again
 */
export interface SendResult {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown' | 'not-sent';
  readonly status: number | null;
  /** One sentence for people, without the payload; null when acknowledged. */
  readonly reason: string | null;
}

/** One visit to one app: a page that stays open, or a connection. */
export interface FillSession {
  /** Sends one write and says how it went; never throws for what an app can cause. */
  send(payload: WritePayload, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** The app could not be visited at all: nothing was sent. */
export class VisitFailed extends Error {
  override readonly name = 'VisitFailed';

  constructor(
    /** `yours`: the app's side. `ours`: the lab's; another driver, or a later attempt, may do. */
    readonly side: 'yours' | 'ours',
    /** True when the app has no forms: it can be filled over HTTP only. */
    readonly noForms: boolean,
    sentence: string,
  ) {
    super(sentence);
  }
}

export interface FillDriver {
  readonly name: DriverName;
  /** Throws VisitFailed. */
  open(appUrl: string, signal: AbortSignal): Promise<FillSession>;
}
