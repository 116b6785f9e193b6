import type { NatsConnection } from '@nats-io/transport-node';
import type { Lab } from './lab.js';
import type { InputOf } from '#libs/contracts/src/contract.js';
import type { SubmitApp } from '#libs/contracts/src/submission.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';

/** Submits as the gateway would, and returns the raw answer. */
export async function submitOne(
  lab: Lab,
  data: InputOf<typeof SubmitApp>,
  connection?: NatsConnection,
): Promise<Answer> {
  const nc = connection ?? (await lab.connectAs('gateway'));
  try {
    const reply = await nc.request(subject.ask('submission', 'SubmitApp'), JSON.stringify(data), { timeout: 10_000 });
    return reply.json<Answer>();
  } finally {
    if (!connection) await nc.close();
  }
}

/** Submits `count` different apps, `atOnce` at a time; throws when one is refused. Their public addresses are never called. */
export async function submitApps(lab: Lab, count: number, { from = 0, atOnce = 10 } = {}): Promise<void> {
  const nc = await lab.connectAs('gateway');
  let next = from;
  const submitter = async () => {
    while (next < from + count) {
      const index = next++;
      const answer = await submitOne(
        lab,
        { name: `app ${String(index).padStart(6, '0')}`, url: `https://app-${index}.example.org` },
        nc,
      );
      if ('problem' in answer) throw new Error(answer.problem.detail);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, submitter));
  } finally {
    await nc.close();
  }
}
