import type { GatewayConfig } from './gateway.config.js';
import { prepareDoor } from './door.js';
import { GatewayModule } from './gateway.module.js';
import { accounts } from './persistence/migrations/0101-accounts.js';
import { freeze } from './persistence/migrations/0103-freeze.js';
import { spans } from './persistence/migrations/0102-spans.js';
import { limitKeys } from './persistence/migrations/0104-limit-keys.js';
import { startService, type ServiceDefinition } from '#libs/messaging/src/start-service.js';

export const schema = {
  name: 'gateway',
  entities: [],
  migrations: [accounts, spans, freeze, limitKeys],
} as const satisfies Omit<ServiceDefinition, 'module'>;

export const bootstrap = (config: GatewayConfig) =>
  startService({ ...schema, module: GatewayModule.with(config), prepare: (app) => prepareDoor(app, config) }, config);
