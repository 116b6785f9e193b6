import type { FillerConfig } from './filler.config.js';
import { FillerModule } from './filler.module.js';
import { sendLog } from './persistence/migrations/0101-send-log.js';
import { canaries } from './persistence/migrations/0105-canaries.js';
import { partNames } from './persistence/migrations/0106-part-names.js';
import { probeWindows } from './persistence/migrations/0107-probe-windows.js';
import { trialWrites } from './persistence/migrations/0108-trial-writes.js';
import { startService, type ServiceDefinition } from '#libs/messaging/src/start-service.js';

export const schema = {
  name: 'filler',
  entities: [],
  migrations: [sendLog, canaries, partNames, probeWindows, trialWrites],
} as const satisfies Omit<ServiceDefinition, 'module'>;

export const bootstrap = (config: FillerConfig) =>
  startService({ ...schema, module: FillerModule.with(config) }, config);
