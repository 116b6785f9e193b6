import { RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from './lab.js';
import type { InputOf } from '#libs/contracts/src/contract.js';
import type { SubmitApp } from '#libs/contracts/src/submission.js';
import { requestHeader, type Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { headers } from '@nats-io/transport-node';

/** Submits as the gateway would, and returns the raw answer. */
export async function submitOne(
  connection: NatsConnection,
  data: InputOf<typeof SubmitApp>,
  idempotencyKey?: string,
): Promise<Answer> {
  const hdrs = headers();
  if (idempotencyKey) hdrs.set(requestHeader.idempotencyKey, idempotencyKey);
  const reply = await connection.request(subject.ask('submission', 'SubmitApp'), JSON.stringify(data), {
    timeout: 2_000,
    headers: hdrs,
  });
  return reply.json<Answer>();
}

/**
 * Submits apps whose public addresses are never called, and remembers which were accepted. As a careful client does, it
 * repeats a request that got no answer, with the same Idempotency-Key, until the service is back.
 */
export class Submitter {
  readonly accepted: string[] = [];
  private next = 0;

  private constructor(readonly connection: NatsConnection) {}

  static async start(lab: Lab): Promise<Submitter> {
    return new Submitter(await lab.connectAs('gateway'));
  }

  async submit(count: number, { atOnce = 10, deadlineMs = 30_000 } = {}): Promise<void> {
    const until = this.next + count;
    const end = performance.now() + deadlineMs;
    const submitter = async () => {
      while (this.next < until) await this.submitNext(this.next++, end);
    };
    await Promise.all(Array.from({ length: atOnce }, submitter));
  }

  async stop(): Promise<void> {
    await this.connection.close();
  }

  private async submitNext(index: number, end: number): Promise<void> {
    const name = `app ${String(index).padStart(6, '0')}`;
    for (;;) {
      try {
        const answer = await submitOne(
          this.connection,
          { name, url: `https://app-${index}.example.org` },
          `submit-${index}`,
        );
        if (!('problem' in answer)) return void this.accepted.push(name);
        if (answer.problem.side === 'yours') throw new Error(answer.problem.detail);
      } catch (error) {
        if (!isAway(error)) throw error;
      }
      if (performance.now() > end) throw new Error(`${name} was not accepted in time`);
      await sleep(50);
    }
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof TimeoutError ||
  error instanceof RequestError ||
  /CONNECTION|DISCONNECT|timeout/i.test(String(error));
