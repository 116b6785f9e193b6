import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { brokerUsers } from '#libs/messaging/src/subjects.js';
import type { NatsUser } from './nats-config.js';
import type { Postgres } from './postgres.js';
import { readOrCreateSecrets } from './secrets.js';

/** The environment of one service, as its `<service>.config.ts` reads it. */
export type ServiceEnv = Record<string, string>;

/** The broker's users with the passwords of this installation: each service opens only its own subjects, staff only commands. */
export function brokerUsersWithPasswords(dir: string): NatsUser[] {
  const passwords = readOrCreateSecrets(dir, brokerUsers().map(brokerSecret));
  return brokerUsers().map((user) => ({ ...user, password: passwords[brokerSecret(user)]! }));
}

export interface PlanParts {
  readonly dir: string;
  readonly postgres: Pick<Postgres, 'ensureDatabase'>;
  readonly natsUrl: string;
  /** Ours has a user for each service. One that was given is used as it is, by all with the user of its address. */
  readonly broker?: 'ours' | 'given';
  /** For every service alike: LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT, BASELINE_URL, … */
  readonly common: ServiceEnv;
  readonly names?: readonly ServiceName[];
}

/** A database and broker credentials for each service, and what else it is told. */
export async function planServices({
  dir,
  postgres,
  natsUrl,
  broker = 'ours',
  common,
  names = services,
}: PlanParts): Promise<Record<ServiceName, ServiceEnv>> {
  const passwords = readOrCreateSecrets(dir, names.map(databaseSecret));
  const users = broker === 'ours' ? brokerUsersWithPasswords(dir) : [];
  const plan = {} as Record<ServiceName, ServiceEnv>;
  for (const name of names) {
    const databaseUrl = await postgres.ensureDatabase(`lockstep_${name}`, {
      password: passwords[databaseSecret(name)]!,
    });
    const user = users.find((candidate) => candidate.name === name);
    plan[name] = { ...common, DATABASE_URL: databaseUrl, NATS_URL: user ? withUser(natsUrl, user) : natsUrl };
  }
  return plan;
}

export const withUser = (natsUrl: string, { name, password }: Pick<NatsUser, 'name' | 'password'>): string => {
  const url = new URL(natsUrl);
  url.username = name;
  url.password = encodeURIComponent(password);
  return url.href.replace(/\/$/, '');
};

/** The name of a broker user's password in secrets.json. */
export const brokerSecret = ({ name }: { name: string }): string => `broker:${name}`;
const databaseSecret = (service: string): string => `database:${service}`;
