import { runService } from '#libs/platform/src/run-service.js';
import { bootstrap } from './bootstrap.js';
import { readConfig } from './comparator.config.js';

await runService(readConfig, bootstrap);
