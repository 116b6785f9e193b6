import type { WriteKind } from './asked.js';

/** Lets acts of one kind happen one after the other, in the order in which they were asked for. */
export class Turns {
  readonly #last: Partial<Record<WriteKind, Promise<unknown>>> = {};

  take<T>(kind: WriteKind, act: () => Promise<T>): Promise<T> {
    const mine = (this.#last[kind] ?? Promise.resolve()).then(act);
    this.#last[kind] = mine.catch(() => undefined); // a failure is told to the one who waits for this act, not to the next
    return mine;
  }
}
