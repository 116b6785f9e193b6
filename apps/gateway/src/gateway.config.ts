import { BlockList } from 'node:net';
import { z } from 'zod';
import { readTrusted } from './http/visitor.js';
import { labCard, labName, mainLab } from '#libs/contracts/src/labs.js';
import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { portNumber, toSettings, wholeNumber } from '#libs/platform/src/settings.js';

const env = serviceEnv.extend({
  PORT: portNumber.default(8000),
  WEB_ROOT: z.string().default('dist/web'),
  ADMIN_USERNAME: z.string().min(1).max(40).default('admin'),
  ADMIN_PASSWORD: z.string().min(12, 'must have at least 12 characters').optional(),
  ADMIN_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
  TRUST_PROXY: z
    .string()
    .transform((text, context) => {
      try {
        return readTrusted(text);
      } catch (error) {
        context.addIssue((error as Error).message);
        return z.NEVER;
      }
    })
    .optional(),
  NEW_APPS_PER_HOUR: wholeNumber(1, 10_000, 'apps').default(100),
  LAB: labName.default(mainLab),
  LABS: z
    .string()
    .transform((text, context) => {
      const cards = z.array(labCard).safeParse(parsed(text));
      if (cards.success) return cards.data;
      context.addIssue('must be a JSON list of labs, each with name, title, port and address (or null)');
      return z.NEVER;
    })
    .optional(),
  SPAN_HOURS: wholeNumber(1, 168, 'hours').default(24),
  SPAN_MEGABYTES: wholeNumber(10, 10_000, 'megabytes').default(500),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const toConfig = (given: Record<string, string | undefined>) => {
  const checked = toSettings(env, given);
  return {
    ...commonConfig(checked),
    http: { host: checked.HOST, port: checked.PORT },
    webRoot: checked.WEB_ROOT,
    lab: checked.LAB,
    labs: checked.LABS ?? [],
    admin: { name: checked.ADMIN_USERNAME, password: checked.ADMIN_PASSWORD, token: checked.ADMIN_TOKEN },
    trustedProxies: checked.TRUST_PROXY ?? new BlockList(),
    newAppsPerHour: checked.NEW_APPS_PER_HOUR,
    spans: { hours: checked.SPAN_HOURS, megabytes: checked.SPAN_MEGABYTES },
  };
};
export type GatewayConfig = ReturnType<typeof toConfig>;

/** Injection token. */
export const GATEWAY_CONFIG = Symbol('gateway config');

export const readConfig = (): GatewayConfig => toConfig(readServiceEnv('gateway'));
