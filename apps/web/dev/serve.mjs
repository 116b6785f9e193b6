// The built pages over the fixture, for work on them by hand: `npx vite build && node apps/web/dev/serve.mjs`.
import { setInterval } from 'node:timers';
import { runnerImport } from 'vite';

const fillEveryMs = 30_000;
const { module } = await runnerImport(new URL('./fixture.ts', import.meta.url).pathname, { configFile: false });
const { APPS, PORT } = process.env;
const { url, lab } = await module.startFixture({
  webRoot: 'dist/web',
  port: Number(PORT ?? 8100),
  ...(APPS && { apps: Number(APPS) }),
});
setInterval(() => lab.startFill(), fillEveryMs);
console.log(`${url}/leaderboard (staff: any name, password "${lab.password}")`);
