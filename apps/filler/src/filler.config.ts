import { z } from 'zod';
import { egressAllow } from '#libs/egress/src/egress-setting.js';
import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { toSettings } from '#libs/platform/src/settings.js';

const env = serviceEnv.extend({
  FILL_DRIVER: z.enum(['browser', 'http', 'auto'], 'must be browser, http or auto').default('auto'),
  EGRESS_ALLOW: egressAllow,
  CHROMIUM_PATH: z.string().optional(),
});

export const toConfig = (given: Record<string, string | undefined>) => {
  const checked = toSettings(env, given);
  return {
    ...commonConfig(checked),
    fillDriver: checked.FILL_DRIVER,
    chromiumPath: checked.CHROMIUM_PATH,
    egressAllow: checked.EGRESS_ALLOW,
  };
};
export type FillerConfig = ReturnType<typeof toConfig>;

/** Injection token. */
export const FILLER_CONFIG = Symbol('filler config');

export const readConfig = (): FillerConfig => toConfig(readServiceEnv('filler'));
