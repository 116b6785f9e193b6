import { Problem } from '#libs/contracts/src/problem.js';

/** A limit of the door, with the time after which it is worth trying again: people read `next`, machines `Retry-After`. */
export class LimitReached extends Problem {
  constructor(
    detail: string,
    next: string,
    readonly retryAfterSeconds: number,
  ) {
    super('limit-reached', detail, next);
  }
}
