import { ProtocolError, TimeoutError } from 'puppeteer-core';
import type { VisitEnd } from './open-failure.js';

/** What waits for something of a visit that is over gets this. */
export class VisitOver extends Error {
  override readonly name = 'VisitOver';

  constructor(readonly end: VisitEnd) {
    super(`the visit is over: ${end}`);
  }
}

const charsMax = 300;

/**
 * A page that went elsewhere, crashed or hangs, and a browser that has ended, make commands fail all day; that is told as what became of
 * the visit. Anything else is a fault of this program, and stands in the log.
 */
export function tellUnlessExpected(error: unknown): void {
  if (error instanceof VisitOver || error instanceof ProtocolError || error instanceof TimeoutError) return;
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${JSON.stringify({ level: 'error', msg: 'fault while browsing', err: what.slice(0, charsMax) })}\n`,
  );
}
