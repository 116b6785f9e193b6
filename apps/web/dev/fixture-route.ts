import type { IncomingHttpHeaders } from 'node:http';
import type { FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';

export interface Asked {
  readonly lab: FixtureLab;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}
export interface Answered {
  readonly status?: number;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
}
export type Route = readonly [method: string, pattern: RegExp, handle: (asked: Asked) => Answered | Promise<Answered>];

export const staff =
  (handle: (asked: Asked) => Answered): Route[2] =>
  (asked) =>
    asked.lab.isSignedIn ? handle(asked) : refuse('sign-in-needed', 'This is for staff.', 'Sign in at /staff.');

export const notWhileFrozen =
  (handle: (asked: Asked) => Answered): Route[2] =>
  (asked) =>
    asked.lab.board.isFrozen && !asked.lab.isSignedIn
      ? refuse('frozen', 'The scoreboard is frozen: this could tell what came after, so only staff can see it now.', 'Look at the board as it was; this is shown again when staff thaw it.') // prettier-ignore
      : handle(asked);

export const found = <T>(thing: T | undefined | null, what: string): T =>
  thing ?? refuse('not-found', `There is no ${what} with this id.`, 'The board links to what exists.');
