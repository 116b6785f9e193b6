/** Rows that are announced or overtaken get this long to arrive by themselves before the producer is asked. */
export const graceMs = 150;

/**
 * Knows when a reader has to ask for what does not come. Times are milliseconds of any clock that only goes forward.
 * A row is missing when a later one has arrived, or when its number has been announced.
 */
export class HoleWatch {
  private highWater = 0;
  private patientUntil = 0;

  /** Something has begun or come: what is missing now may still be on its way. */
  bePatient(now: number): void {
    this.patientUntil = now + graceMs;
  }

  /** The producer announces its highest number. False when that is nothing new. */
  hear(n: number, cursor: number, now: number): boolean {
    if (!(n > this.highWater)) return false;
    if (this.highWater <= cursor) this.bePatient(now);
    this.highWater = n;
    return true;
  }

  /** Rows were applied. After a replay the next hole is asked for at once: what follows will not come by itself either. */
  applied(wasReplayed: boolean, now: number): void {
    if (wasReplayed) this.patientUntil = 0;
    else this.bePatient(now);
  }

  /** The producer's log was asked and has nothing behind the cursor. */
  isAtEnd(cursor: number): void {
    this.highWater = cursor;
  }

  next(cursor: number, hasWaiting: boolean, now: number): 'idle' | 'wait' | 'ask' {
    if (this.highWater <= cursor && !hasWaiting) return 'idle';
    return now < this.patientUntil ? 'wait' : 'ask';
  }
}
