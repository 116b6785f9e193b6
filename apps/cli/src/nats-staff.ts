import { connect, NoRespondersError, RequestError } from '@nats-io/transport-node';
import { ApiProblem } from './api.js';
import { NotRunning, readRunFile } from './installation.js';
import { brokerUsersWithPasswords } from '#libs/local/src/service-plan.js';
import { CompareApps } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';

/** The staff command on NATS itself, with the staff user's credentials: any NATS client can send the same. */
export async function compareByNats(apps: 'all' | readonly string[]): Promise<ReplyOf<typeof CompareApps>> {
  const run = readRunFile();
  if (!run) throw new NotRunning('No lab runs from this checkout. Start one with ./lockstep up.');
  const staff = brokerUsersWithPasswords(run.dataDir).find((user) => user.name === 'staff')!;
  const connection = await connect({
    servers: run.natsUrl.replace('nats://', ''),
    user: staff.name,
    pass: staff.password,
    timeout: 3_000,
    maxReconnectAttempts: 1,
  });
  try {
    const reply = await connection.request(
      subject.staff(CompareApps.name),
      JSON.stringify({ apps, by: 'staff', trigger: 'nats' }),
      { timeout: 10_000 },
    );
    const answer = reply.json<Answer>();
    if ('problem' in answer) throw new ApiProblem(answer.problem);
    return answer.ok as ReplyOf<typeof CompareApps>;
  } catch (error) {
    if (error instanceof NoRespondersError || error instanceof RequestError)
      throw new NotRunning('The comparator is not running. Nothing was started.');
    throw error;
  } finally {
    await connection.close();
  }
}
