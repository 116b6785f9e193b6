import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { LogLevel } from './logger.js';
import { natsUrl, portNumber, postgresUrl } from './settings.js';

/** What every service reads from its environment. */
export const serviceEnv = z.object({
  DATABASE_URL: postgresUrl,
  NATS_URL: natsUrl,
  HOST: z.string().default('127.0.0.1'),
  PORT: portNumber.default(0),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FILE: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
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
 * The environment of a service: the process's own; where that names no database, what a running `lockstep up` wrote down
 * for this service, so that a second instance can be started beside it by hand.
 */
export function readServiceEnv(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  if (env['DATABASE_URL']) return env;
  try {
    const plan = join(process.cwd(), '.lockstep', 'env', `${service}.env`);
    return { ...parseEnv(readFileSync(plan, 'utf8')), ...env };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env;
    throw error;
  }
}
