import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { notedLabs, serviceEnvPath } from './lab-files.js';
import type { LogLevel } from './logger.js';
import { hostName, natsUrl, portNumber, postgresUrl } from './settings.js';

/** What every service reads from its environment. */
export const serviceEnv = z.object({
  DATABASE_URL: postgresUrl,
  NATS_URL: natsUrl,
  HOST: hostName.default('127.0.0.1'),
  PORT: portNumber.default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FILE: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  LOCKSTEP_FAILPOINTS: z.string().optional(),
  /** Milliseconds between the attempts at an event that fails; for tests. */
  LOCKSTEP_RETRY_DELAYS_MS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be milliseconds, separated by commas')
    .transform((list) => list.split(',').map(Number))
    .optional(),
});

/** The part of a service's configuration that all share, from its checked environment. */
export const commonConfig = (env: z.output<typeof serviceEnv>) => ({
  databaseUrl: env.DATABASE_URL,
  natsUrl: env.NATS_URL,
  http: { host: env.HOST, port: env.PORT },
  logLevel: env.LOG_LEVEL as LogLevel,
  logFile: env.LOG_FILE,
  otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  failpoints: env.LOCKSTEP_FAILPOINTS ?? '',
  retryDelaysMs: env.LOCKSTEP_RETRY_DELAYS_MS,
});

/**
 * The environment of a service: the process's own; where that names no database, what the last `lockstep up` wrote down for this
 * service, so that a second instance can be started beside it by hand. LOCKSTEP_DATA says of which lab; else it is the one of the
 * checkout in which this process was started.
 */
export function readServiceEnv(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
  root: string = process.cwd(),
): Record<string, string | undefined> {
  if (env['DATABASE_URL']) return env;
  const own = env['LOCKSTEP_DATA'];
  const dirs = own ? [own] : [join(root, '.lockstep'), ...notedLabs(root)];
  const plan = dirs.map((dir) => serviceEnvPath(dir, service)).find((path) => existsSync(path));
  return plan ? { ...parseEnv(readFileSync(plan, 'utf8')), ...env } : env;
}
