import { z } from 'zod';
import { egressAllow } from '#libs/egress/src/egress-setting.js';
import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { toSettings, wholeNumber } from '#libs/platform/src/settings.js';

const env = serviceEnv
  .extend({
    BASELINE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
    /** A second baseline: what the two differ in blames nobody. */
    SHADOW_BASELINE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
    FILL_INTERVAL_SECONDS: wholeNumber(5, 86_400, 'seconds').default(120),
    FILL_ITERATIONS: wholeNumber(1, 20, 'iterations').default(1),
    FILL_MODE: z.enum(['all', 'random']).default('all'),
    EGRESS_ALLOW: egressAllow,
  })
  .refine((given) => given.SHADOW_BASELINE_URL !== given.BASELINE_URL, {
    path: ['SHADOW_BASELINE_URL'],
    error: 'must be another app than BASELINE_URL: it is written the same, and compared with it',
  });

export const toConfig = (given: Record<string, string | undefined>) => {
  const checked = toSettings(env, given);
  return {
    ...commonConfig(checked),
    baselineUrl: checked.BASELINE_URL,
    shadowUrl: checked.SHADOW_BASELINE_URL ?? null,
    fillIntervalSeconds: checked.FILL_INTERVAL_SECONDS,
    fillIterations: checked.FILL_ITERATIONS,
    fillMode: checked.FILL_MODE,
    egressAllow: checked.EGRESS_ALLOW,
  };
};
export type SubmissionConfig = ReturnType<typeof toConfig>;

/** Injection token. */
export const SUBMISSION_CONFIG = Symbol('submission config');

export const readConfig = (): SubmissionConfig => toConfig(readServiceEnv('submission'));
