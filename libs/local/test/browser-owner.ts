// A small program with a browser, for tests to signal. Says one line of JSON when it is open. On SIGINT it takes a moment to leave in
// order, as `lockstep up` does, and says "goodbye".
import { setTimeout as pause } from 'node:timers/promises';
import { openBrowser } from '../src/test-browser.js';

const opened = await openBrowser();

async function leave(): Promise<void> {
  await pause(200);
  await opened.close();
  console.log('goodbye');
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void leave());

console.log(JSON.stringify({ browser: opened.browser.process()!.pid }));
