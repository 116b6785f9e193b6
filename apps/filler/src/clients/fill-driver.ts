import type { WritePayload } from '#libs/contracts/src/filler.js';
import type { FillDriver as DriverName } from '#libs/contracts/src/shapes.js';

/**
 * How one write went.
 *   acknowledged  the app said that it has it
 *   refused       the app said that it has it not, or could not be reached: nothing was taken
 *   unknown       it may be there: it left, or may have left, and nobody said what became of it
 *   not-sent      nothing was even tried, and the fault is ours: it may be tried again
 */
export interface SendResult {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown' | 'not-sent';
  readonly status: number | null;
  /** One sentence for people, without the payload; null when acknowledged. */
  readonly reason: string | null;
}

/** One visit to one app: a page that stays open, or a connection. */
export interface FillSession {
  /** Sends one write, at most once, and says how it went; never throws for what an app can cause. Ends soon after `signal` aborts. */
  send(payload: WritePayload, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** The app could not be visited: nothing was sent. */
export class VisitFailed extends Error {
  override readonly name = 'VisitFailed';

  constructor(
    /** `yours`: the app's side. `ours`: the lab's; another driver, or a later attempt, may do. */
    readonly side: 'yours' | 'ours',
    /** True when the app may still be filled over HTTP. */
    readonly tryHttp: boolean,
    /** Ours, without a word of the app. */
    readonly sentence: string,
  ) {
    super(sentence);
  }
}

/**
 * Something of ours failed. Its words are ours alone: whoever runs the work reads them to tell trouble with the database from other
 * trouble, and an app must not be able to speak there.
 */
export class LabTrouble extends Error {
  override readonly name = 'LabTrouble';
}

export interface FillDriver {
  readonly name: DriverName;
  /** Throws VisitFailed. */
  open(appUrl: string, signal: AbortSignal): Promise<FillSession>;
}
