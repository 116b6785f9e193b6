import { lockstep } from './program.js';
import { reportOf } from './report.js';
import { harmless } from './terminal.js';

/** Whoever reads our output may have enough of it (`| head`): the command still does what it was asked to do. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

try {
  await lockstep().parseAsync();
} catch (error) {
  const { code, text } = reportOf(error);
  if (text !== undefined) process.stderr.write(`${harmless(text)}\n`);
  process.exitCode = code;
}
