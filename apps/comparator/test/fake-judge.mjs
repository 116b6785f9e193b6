// A judge for tests of the pool: the text of the first body says what becomes of it.
import { TextDecoder } from 'node:util';

const waitMs = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

process.on('message', (job) => {
  const text = new TextDecoder().decode(job.parts[0].app.body);
  if (text === 'die') process.kill(process.pid, 'SIGKILL');
  if (text === 'hang') for (;;) waitMs(1_000);
  process.send({ endpoints: [{ pid: process.pid, text, env: process.env }] });
});
process.on('disconnect', () => process.exit(0));
