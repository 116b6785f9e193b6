import { z } from 'zod';
import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { toSettings } from '#libs/platform/src/settings.js';

const env = serviceEnv.extend({
  FILL_DRIVER: z.enum(['browser', 'http', 'auto'], 'must be browser, http or auto').default('auto'),
  EGRESS_ALLOW: z.string().default(''),
  CHROMIUM_PATH: z.string().optional(),
});

export const toConfig = (given: Record<string, string | undefined>) => {
  const checked = toSettings(env, given);
  return {
    ...commonConfig(checked),
    fillDriver: checked.FILL_DRIVER,
    chromiumPath: checked.CHROMIUM_PATH,
    egressAllow: checked.EGRESS_ALLOW.split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
  };
};
export type FillerConfig = ReturnType<typeof toConfig>;

/** Injection token. */
export const FILLER_CONFIG = Symbol('filler config');

export const readConfig = (): FillerConfig => toConfig(readServiceEnv('filler'));
