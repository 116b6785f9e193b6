import { entities } from './persistence/entities.js';
import { roster } from './persistence/migrations/0101-roster.js';
import { pseudonyms } from './persistence/migrations/0102-pseudonyms.js';
import { shadow } from './persistence/migrations/0105-shadow.js';
import { SubmissionModule } from './submission.module.js';
import type { SubmissionConfig } from './submission.config.js';
import { startService, type ServiceDefinition } from '#libs/messaging/src/start-service.js';

/** What makes this service: its tables; the module is added with its configuration. */
export const schema = {
  name: 'submission',
  entities,
  migrations: [roster, pseudonyms, shadow],
} as const satisfies Omit<ServiceDefinition, 'module'>;

export const bootstrap = (config: SubmissionConfig) =>
  startService({ ...schema, module: SubmissionModule.with(config) }, config);
