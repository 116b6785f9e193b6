import { runService } from '#libs/platform/src/run-service.js';
import { bootstrap } from './bootstrap.js';
import { readConfig } from './gateway.config.js';

await runService(readConfig, bootstrap);
