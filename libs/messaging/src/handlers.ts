import type { AnyEvent, Message } from '#libs/contracts/src/contract.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** A service's handler for one event, as the transport calls it. */
export type EventHandler = (message: Message<unknown>, tx: Tx) => Promise<void>;

export interface BoundHandler {
  readonly contract: AnyEvent;
  readonly handle: EventHandler;
}

/** The handlers of one service by event name. */
export type HandlerMap = ReadonlyMap<string, BoundHandler>;
