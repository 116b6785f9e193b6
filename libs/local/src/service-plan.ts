import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { mainLab } from '#libs/contracts/src/labs.js';
import { brokerUsers } from '#libs/messaging/src/subjects.js';
import type { NatsUser } from './nats-config.js';
import type { Postgres } from './postgres.js';
import { readOrCreateSecrets } from './secrets.js';

/** The environment of one service, as its `<service>.config.ts` reads it. */
export type ServiceEnv = Record<string, string>;

/** The broker's users with the passwords of this lab: each service opens only its own subjects, staff only commands. */
export function brokerUsersWithPasswords(dir: string, lab: string = mainLab): NatsUser[] {
  const passwords = readOrCreateSecrets(dir, brokerUsers().map(brokerSecret));
  return brokerUsers().map((user) => ({
    ...user,
    name: brokerUserName(lab, user.name),
    password: passwords[brokerSecret(user)]!,
  }));
}

/** A broker knows each name once, whatever the account. The first lab has the plain ones. */
export const brokerUserName = (lab: string, user: string): string => (lab === mainLab ? user : `${lab}.${user}`);

/** The same for databases, and the role that owns each. Names of labs have no underscore. */
export const databaseName = (lab: string, service: ServiceName): string =>
  lab === mainLab ? `lockstep_${service}` : `lockstep_${lab}_${service}`;

export interface PlanParts {
  /** Of the lab: its secrets lie there. */
  readonly dir: string;
  readonly lab?: string;
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
  lab = mainLab,
  postgres,
  natsUrl,
  broker = 'ours',
  common,
  names = services,
}: PlanParts): Promise<Record<ServiceName, ServiceEnv>> {
  const passwords = readOrCreateSecrets(dir, names.map(databaseSecret));
  const users = broker === 'ours' ? brokerUsersWithPasswords(dir, lab) : [];
  const plan = {} as Record<ServiceName, ServiceEnv>;
  for (const name of names) {
    const databaseUrl = await postgres.ensureDatabase(databaseName(lab, name), {
      password: passwords[databaseSecret(name)]!,
    });
    const user = users.find((candidate) => candidate.name === brokerUserName(lab, name));
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
