import type { ComparatorConfig } from './comparator.config.js';
import { ComparatorModule } from './comparator.module.js';
import { obligations } from './persistence/migrations/0101-obligations.js';
import { comparisons } from './persistence/migrations/0102-comparisons.js';
import { sightings } from './persistence/migrations/0103-sightings.js';
import { canaries } from './persistence/migrations/0105-canaries.js';
import { rules } from './persistence/migrations/0106-rules.js';
import { evidence } from './persistence/migrations/0107-evidence.js';
import { noise } from './persistence/migrations/0108-noise.js';
import { writeTimes } from './persistence/migrations/0109-write-times.js';
import { overrides } from './persistence/migrations/0110-overrides.js';
import { heldBack } from './persistence/migrations/0111-held-back.js';
import { keptLedgers } from './persistence/migrations/0112-kept-ledgers.js';
import { preflights } from './persistence/migrations/0113-preflights.js';
import { startService, type ServiceDefinition } from '#libs/messaging/src/start-service.js';

export const schema = {
  name: 'comparator',
  entities: [],
  migrations: [
    obligations,
    comparisons,
    sightings,
    canaries,
    rules,
    evidence,
    noise,
    writeTimes,
    overrides,
    heldBack,
    keptLedgers,
    preflights,
  ],
} as const satisfies Omit<ServiceDefinition, 'module'>;

export const bootstrap = (config: ComparatorConfig) =>
  startService({ ...schema, module: ComparatorModule.with(config) }, config);
