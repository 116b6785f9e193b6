import { z } from 'zod';
import { chooseEndpoints, endpoints } from './domain/endpoints.js';
import { egressAllow } from '#libs/egress/src/egress-setting.js';
import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { toSettings, wholeNumber } from '#libs/platform/src/settings.js';

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

const env = serviceEnv.extend({
  COMPARE_INTERVAL_SECONDS: wholeNumber(5, 86_400, 'seconds').default(150),
  COMPARE_ENDPOINTS: z
    .string()
    .default(endpoints.map((endpoint) => endpoint.path).join(','))
    .transform((text, context) => {
      try {
        return chooseEndpoints(listed(text));
      } catch (error) {
        context.addIssue((error as Error).message);
        return z.NEVER;
      }
    }),
  HISTORY: z.enum(['since-join', 'full'], 'must be since-join or full').default('since-join'),
  EGRESS_ALLOW: egressAllow,
});

export const toConfig = (given: Record<string, string | undefined>) => {
  const checked = toSettings(env, given);
  return {
    ...commonConfig(checked),
    compareIntervalSeconds: checked.COMPARE_INTERVAL_SECONDS,
    endpoints: checked.COMPARE_ENDPOINTS,
    history: checked.HISTORY,
    egressAllow: checked.EGRESS_ALLOW,
  };
};
export type ComparatorConfig = ReturnType<typeof toConfig>;

/** Injection token. */
export const COMPARATOR_CONFIG = Symbol('comparator config');

export const readConfig = (): ComparatorConfig => toConfig(readServiceEnv('comparator'));
