import { NoRespondersError, RequestError } from '@nats-io/transport-node';
import { ApiProblem } from './api.js';
import { findLab, NotRunning, readServicePlan, type RunFile } from './installation.js';
import { connectTo } from '#libs/local/src/given-nats.js';
import { readSecret } from '#libs/local/src/secrets.js';
import { brokerSecret, brokerUserName, withUser } from '#libs/local/src/service-plan.js';
import { CompareApps } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';

const answerMsMax = 10_000;

/** The staff command on NATS itself, with the staff user's credentials: any NATS client can send the same. */
export async function compareByNats(apps: 'all' | readonly string[]): Promise<ReplyOf<typeof CompareApps>> {
  const connection = await connectTo(staffUrl(findLab())).catch((error: Error) => {
    throw new NotRunning(`${error.message} Nothing was started.`);
  });
  try {
    const body = JSON.stringify({ apps, by: 'staff', trigger: 'nats' });
    const reply = await connection.request(subject.staff(CompareApps.name), body, { timeout: answerMsMax });
    const answer = reply.json<Answer>();
    if ('problem' in answer) throw new ApiProblem(answer.problem);
    return CompareApps.reply.parse(answer.ok);
  } catch (error) {
    if (error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders()))
      throw new NotRunning('The comparator is not running. Nothing was started.');
    if (error instanceof RequestError || (error as Error).name === 'TimeoutError')
      throw new NotRunning(
        'The comparator gave no answer in time; it may have started. Look at the board before you repeat it.',
      );
    throw error;
  } finally {
    await connection.close();
  }
}

/** Our broker knows a user `staff` of each lab; a given one is spoken to as the services do. */
function staffUrl({ lab, broker, natsUrl, dataDir }: RunFile): string {
  if (broker === 'given') return readServicePlan(dataDir, 'gateway')['NATS_URL']!;
  const password = readSecret(dataDir, brokerSecret({ name: 'staff' }));
  if (!password) throw new NotRunning(`${dataDir}/secrets.json has no password for the broker's user staff.`);
  return withUser(natsUrl, { name: brokerUserName(lab, 'staff'), password });
}
