import type { NumberedEvent } from './envelope.js';
import type { AnyEvent, Message } from '#libs/contracts/src/contract.js';

/** The event itself is wrong: another attempt cannot help. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';

  constructor(event: NumberedEvent, problem: string) {
    super(`${event.name} breaks its contract: ${problem}`);
  }
}

/** What a handler receives. Throws ContractViolation. */
export function parseEvent(event: NumberedEvent, contract: AnyEvent): Message<unknown> {
  const result = contract.schema.safeParse(bodyOf(event));
  if (!result.success)
    throw new ContractViolation(
      event,
      result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '),
    );
  const { id, name, producer, n, key, traceparent } = event;
  return {
    ...{ id, name, producer, n, key, data: result.data },
    occurredAt: new Date(event.appendedAt),
    traceparent: traceparent ?? undefined,
  };
}

function bodyOf(event: NumberedEvent): unknown {
  try {
    return JSON.parse(event.body);
  } catch {
    throw new ContractViolation(event, 'its body is not JSON');
  }
}
