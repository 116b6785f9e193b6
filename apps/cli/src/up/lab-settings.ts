import { z } from 'zod';
import { services } from '#libs/contracts/src/catalogue.js';
import { labCard } from '#libs/contracts/src/labs.js';
import { checkServiceEnv } from '#libs/local/src/service-host.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';
import { SettingsError, toSettings } from '#libs/platform/src/settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What `up` was told, checked: nothing has been started yet. */
export interface LabSettings {
  /** As the lab is shown to others; without them by its name, and at its port of this host. */
  readonly title: string | undefined;
  readonly address: string | undefined;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly databaseUrl: string | undefined;
  readonly natsUrl: string | undefined;
  readonly baselineUrl: string | undefined;
  readonly egressAllow: readonly string[];
  readonly fillDriver: string;
  readonly admin: {
    readonly name: string | undefined;
    readonly password: string | undefined;
    readonly token: string | undefined;
  };
  /** For every service alike. */
  readonly common: ServiceEnv;
  /** For the only one that others may reach. */
  readonly gateway: ServiceEnv;
}

const forAll = [
  'SHADOW_BASELINE_URL',
  'FILL_INTERVAL_SECONDS',
  'FILL_ITERATIONS',
  'FILL_MODE',
  'COMPARE_INTERVAL_SECONDS',
  'COMPARE_ENDPOINTS',
  'HISTORY',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
] as const;
const forGateway = [
  'HOST',
  'ADMIN_USERNAME',
  'SPAN_HOURS',
  'SPAN_MEGABYTES',
  'TRUST_PROXY',
  'NEW_APPS_PER_HOUR',
] as const;
const forUs = [
  'PORT',
  'BASELINE_URL',
  'DATABASE_URL',
  'NATS_URL',
  'EGRESS_ALLOW',
  'FILL_DRIVER',
  'ADMIN_PASSWORD',
  'ADMIN_TOKEN',
] as const;

/** What is of the machine or its network: for every lab of the installation, unless it has its own. */
const ofMachine = [
  'HOST',
  'TRUST_PROXY',
  'FILL_DRIVER',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'SPAN_HOURS',
  'SPAN_MEGABYTES',
] as const;
const ofInstallation = ['DATABASE_URL', 'NATS_URL'];

/** What a lab beside the first may be told. */
export const settingsOfLab: readonly string[] = ['LAB_TITLE', 'PUBLIC_URL', ...forUs, ...forAll, ...forGateway].filter(
  (name) => !ofInstallation.includes(name),
);

/** The environment of a lab beside the first: its own settings, and of that of `up` only what is of the machine. */
export const envBeside = (own: Readonly<Record<string, string>>, env: Environment): Environment => ({
  ...Object.fromEntries(ofMachine.map((name) => [name, env[name]])),
  ...own,
});

const defaultPort = '8000';
const defaultHost = '127.0.0.1';

/**
 * What the services would refuse is refused before anything is started, all of it in one table; an empty variable counts as not given.
 * `demo`: there is a baseline app without BASELINE_URL.
 */
export async function readLabSettings(env: Environment, demo: boolean): Promise<LabSettings> {
  const given = (names: readonly string[]): ServiceEnv =>
    Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const known = given([...forAll, ...forGateway, ...forUs]);
  const shown = { LAB_TITLE: env['LAB_TITLE'], PUBLIC_URL: env['PUBLIC_URL'] };
  await check(known, demo, () => toSettings(shownSettings, shown));
  const { LAB_TITLE: title, PUBLIC_URL: address } = toSettings(shownSettings, shown);
  return {
    ...{ title, address },
    host: known['HOST'] ?? defaultHost,
    port: Number(known['PORT'] ?? defaultPort),
    databaseUrl: known['DATABASE_URL'],
    natsUrl: known['NATS_URL'],
    baselineUrl: known['BASELINE_URL'],
    egressAllow: (known['EGRESS_ALLOW'] ?? '').split(',').filter(Boolean),
    fillDriver: known['FILL_DRIVER'] ?? 'auto',
    admin: { name: known['ADMIN_USERNAME'], password: known['ADMIN_PASSWORD'], token: known['ADMIN_TOKEN'] },
    common: given(forAll),
    gateway: given(forGateway),
  };
}

const shownSettings = z.object({
  LAB_TITLE: labCard.shape.title.optional(),
  PUBLIC_URL: labCard.shape.address.unwrap().optional(),
});

async function check(given: ServiceEnv, demo: boolean, shown: () => unknown): Promise<void> {
  const standIn = { DATABASE_URL: 'postgres://u:p@h/d', NATS_URL: 'nats://h', BASELINE_URL: 'http://127.0.0.1' };
  const wrong: SettingsError['rows'][number][] = [];
  for (const name of services) wrong.push(...(await problemsOf(() => checkServiceEnv(name, { ...standIn, ...given }))));
  wrong.push(...(await problemsOf(shown)));
  if (!demo && !given['BASELINE_URL'])
    wrong.push({
      name: 'BASELINE_URL',
      value: '',
      problem: 'is missing: without the demo it says which app is the baseline',
    });
  const rows = wrong.filter((row, index) => wrong.findIndex((other) => other.name === row.name) === index);
  if (rows.length > 0) throw new SettingsError(rows);
}

/** What is wrong with settings, by whoever reads them. */
export async function problemsOf(read: () => unknown): Promise<SettingsError['rows']> {
  try {
    await read();
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.rows;
    throw error;
  }
}

const everywhere = new Set(['0.0.0.0', '::', '127.0.0.1', '::1']);

/** The address at which people on this machine, or wherever HOST leads, find the pages. */
export function addressOf(host: string, port: number): string {
  const name = everywhere.has(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
