import { z } from 'zod';
import { Answers, Handles } from './decorators.js';
import { command, event, type MessageOf } from '#libs/contracts/src/contract.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const Grown = event('Grown', z.object({ metres: z.number() }), () => 'tree');
const _Cut = event('Cut', z.object({ by: z.string() }), () => 'tree');
const Plant = command('Plant', z.object({ kind: z.string() }), z.object({ treeId: z.string() }));

/** What must compile, and, below each `expect-error`, what must not: the compiler is the test, `./lockstep test types` runs it. */
class Garden {
  @Handles(Grown)
  async grown(_message: MessageOf<typeof Grown>, _tx: Tx): Promise<void> {}

  @Answers(Plant)
  async plant({ kind }: { kind: string }, _tx: Tx) {
    return { treeId: kind };
  }

  // @ts-expect-error the payload of another event
  @Handles(Grown)
  async other(_message: MessageOf<typeof _Cut>, _tx: Tx): Promise<void> {}

  // @ts-expect-error a field that the payload has not
  @Handles(Grown)
  async field(_message: { data: { feet: number } }, _tx: Tx): Promise<void> {}

  // @ts-expect-error a handler that does not wait
  @Handles(Grown)
  hasty(_message: MessageOf<typeof Grown>, _tx: Tx): void {}

  // @ts-expect-error a command is not handled as an event
  @Handles(Plant)
  async wrong(_message: unknown, _tx: Tx): Promise<void> {}

  // @ts-expect-error an answer without what was promised
  @Answers(Plant)
  async empty(_data: { kind: string }, _tx: Tx) {
    return {};
  }

  // @ts-expect-error an answer to other data
  @Answers(Plant)
  async deaf(_data: { kind: number }, _tx: Tx) {
    return { treeId: 'a' };
  }
}

it('marks methods for the transport, by the name of the contract', () => {
  const patterns = Reflect.getMetadata('microservices:pattern', Garden.prototype.grown) as unknown;
  expect([patterns].flat(2)).toContain('Grown');
});
