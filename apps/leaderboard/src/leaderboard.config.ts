import { commonConfig, readServiceEnv, serviceEnv } from '#libs/platform/src/service-env.js';
import { toSettings } from '#libs/platform/src/settings.js';

export const toConfig = (given: Record<string, string | undefined>) => commonConfig(toSettings(serviceEnv, given));
export type LeaderboardConfig = ReturnType<typeof toConfig>;

export const readConfig = (): LeaderboardConfig => toConfig(readServiceEnv('leaderboard'));
