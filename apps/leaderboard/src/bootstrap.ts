import type { LeaderboardConfig } from './leaderboard.config.js';
import { LeaderboardModule } from './leaderboard.module.js';
import { entities } from './persistence/entities.js';
import { board } from './persistence/migrations/0101-board.js';
import { boardThroughTime } from './persistence/migrations/0102-board-through-time.js';
import { downtime } from './persistence/migrations/0103-downtime.js';
import { overrides } from './persistence/migrations/0104-overrides.js';
import { startService, type ServiceDefinition } from '#libs/messaging/src/start-service.js';

export const schema = {
  name: 'leaderboard',
  entities,
  migrations: [board, boardThroughTime, downtime, overrides],
} as const satisfies Omit<ServiceDefinition, 'module'>;

export const bootstrap = (config: LeaderboardConfig) => startService({ ...schema, module: LeaderboardModule }, config);
