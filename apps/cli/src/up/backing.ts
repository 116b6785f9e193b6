import { createHash } from 'node:crypto';
import type { LabSettings } from './lab-settings.js';
import type { PlacedLab } from './placed-labs.js';
import { checkGivenNats } from '#libs/local/src/given-nats.js';
import { startNats } from '#libs/local/src/nats.js';
import { startPostgres, usePostgres, type Postgres } from '#libs/local/src/postgres.js';
import type { Progress } from '#libs/local/src/progress.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';
import { brokerUsersWithPasswords } from '#libs/local/src/service-plan.js';

export interface Broker {
  readonly kind: 'ours' | 'given';
  /** As services connect to it, with user and password where it was given. */
  readonly url: string;
  /** Without user and password. */
  readonly publicUrl: string;
  stop(): Promise<void>;
}

/** A broker that was given is looked at first of all: services would wait for it for half a minute. */
export async function checkBroker({ natsUrl }: LabSettings, onProgress: Progress): Promise<void> {
  if (!natsUrl) return;
  onProgress.step('Looking at NATS_URL');
  await checkGivenNats(natsUrl).catch((error: Error) => {
    throw new Error(`${error.message} Start it, or correct NATS_URL.`, { cause: error });
  });
}

/** Connections: those of the first lab and the demo, and of each lab more what the pools and locks of its services may open. */
const connectionsMax = { first: 200, more: 80 } as const;

/** So is a database, since opening it is looking at it. `labs`: how many will share it. */
export function openDatabase(
  dir: string,
  { databaseUrl }: Pick<LabSettings, 'databaseUrl'>,
  labs: number,
  onProgress: Progress,
): Promise<Postgres> {
  const maxConnections = connectionsMax.first + connectionsMax.more * (labs - 1);
  if (!databaseUrl) return startPostgres({ dir, maxConnections, onProgress });
  onProgress.step('Looking at DATABASE_URL');
  const { installation } = readOrCreateSecrets(dir, ['installation']);
  return usePostgres(databaseUrl, createHash('sha256').update(installation).digest('hex').slice(0, 16));
}

/** A given broker is used as it is, with the user of its address; ours has an account for each lab, in it a user for each service. */
export async function openBroker(
  labs: readonly PlacedLab[],
  { natsUrl }: LabSettings,
  onProgress: Progress,
): Promise<Broker> {
  if (natsUrl) {
    const publicUrl = natsUrl.replace(/\/\/[^@]*@/, '//');
    return { kind: 'given', url: natsUrl, publicUrl, stop: () => Promise.resolve() };
  }
  const [first, ...others] = labs.map(({ name, dir }) => ({ name, dir, users: brokerUsersWithPasswords(dir, name) }));
  const nats = await startNats({ dir: first!.dir, users: first!.users, others, onProgress });
  return { kind: 'ours', url: nats.url, publicUrl: nats.url, stop: () => nats.stop() };
}
