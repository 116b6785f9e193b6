import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { EventContract, InputOf, MessageOf, DataOf, RequestContract } from '#libs/contracts/src/contract.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type Method<F> = (target: object, name: string, descriptor: TypedPropertyDescriptor<F>) => void;

/**
 * Marks the handler of an event: `async handle(message, tx)`. It runs in the transaction that also moves the cursor; it
 * loads, decides, saves and sends, and never acts on the outside world. Another payload, or a method that does not wait, does not compile.
 */
export const Handles =
  <C extends EventContract>(contract: C): Method<(message: MessageOf<C>, tx: Tx) => Promise<void>> =>
  (target, name, descriptor) => {
    EventPattern<string>(contract.name)(target, name, descriptor);
    passMessageAndTransaction(target, name);
  };

/**
 * Marks the answer to a command or a query: `async answer(data, tx)` returns the reply. A command's effects, events and reply
 * commit together; a thrown Problem becomes the answer and nothing else happens.
 */
export const Answers =
  <C extends RequestContract>(
    contract: C,
  ): Method<(data: DataOf<C>, tx: Tx) => Promise<InputOf<{ schema: C['reply'] }>>> =>
  (target, name, descriptor) => {
    MessagePattern<string>(contract.name)(target, name, descriptor);
    passMessageAndTransaction(target, name);
  };

function passMessageAndTransaction(target: object, name: string): void {
  Payload()(target, name, 0);
  Ctx()(target, name, 1);
}
