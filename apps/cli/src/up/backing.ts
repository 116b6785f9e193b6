import { createHash } from 'node:crypto';
import type { LabSettings } from './lab-settings.js';
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

/** So is a database, since opening it is looking at it. */
export function openDatabase(dir: string, { databaseUrl }: LabSettings, onProgress: Progress): Promise<Postgres> {
  if (!databaseUrl) return startPostgres({ dir, onProgress });
  onProgress.step('Looking at DATABASE_URL');
  const { installation } = readOrCreateSecrets(dir, ['installation']);
  return usePostgres(databaseUrl, createHash('sha256').update(installation).digest('hex').slice(0, 16));
}

/** A given broker is used as it is, with the user of its address; ours has a user for each service. */
export async function openBroker(dir: string, { natsUrl }: LabSettings, onProgress: Progress): Promise<Broker> {
  if (natsUrl) {
    const publicUrl = natsUrl.replace(/\/\/[^@]*@/, '//');
    return { kind: 'given', url: natsUrl, publicUrl, stop: () => Promise.resolve() };
  }
  const nats = await startNats({ dir, users: brokerUsersWithPasswords(dir), onProgress });
  return { kind: 'ours', url: nats.url, publicUrl: nats.url, stop: () => nats.stop() };
}
