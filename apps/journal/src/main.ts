import { bootstrap } from './bootstrap.js';
import { readConfig } from './journal.config.js';

try {
  const journal = await bootstrap(readConfig(process.env));
  process.stdout.write(`journal: ${journal.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void journal.close());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
