import { bootstrap } from './bootstrap.js';
import { readConfig } from './faulty-student.config.js';

try {
  const student = await bootstrap(readConfig(process.env));
  process.stdout.write(`faulty student: ${student.url}\n`);
  for (const { sentence } of student.faults) process.stdout.write(`  ${sentence}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void student.close());
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
