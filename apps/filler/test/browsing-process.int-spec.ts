// Goal: whatever becomes of the browsing process, whoever waits for it hears of it, and nothing of it is left.
// Method: a program in its place that dies, hangs or answers as the test says.
import { join } from 'node:path';
import { BrowserDriver } from '../src/clients/browser-driver.js';
import { BrowsingLost, BrowsingProcess } from '../src/clients/browsing-process.js';

const program = join(import.meta.dirname, 'fake-browsing.mjs');
const form = { id: 'x', text: 'x', note: null, route: '/api/moods', needle: '0123456789' };
/** The program reads there how it is to behave. */
const settingsFor = (how: string) => ({ allow: [], chromium: { executable: how, dir: '', env: {} } });
const driverOf = (how: string) =>
  new BrowserDriver(async () => new BrowsingProcess(settingsFor(how), { program }), undefined as never);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the browsing process', () => {
  const started: BrowsingProcess[] = [];
  const start = (how: string, limits = {}) => {
    const one = new BrowsingProcess(settingsFor(how), { program, ...limits });
    started.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.end()));
  });

  it('asks the filler to send what the page would have sent, and is told the answer', async () => {
    const visit = await start('').open('http://app.example.org');
    const seen: string[] = [];
    visit.onPost = async ({ path, body }) => {
      seen.push(`${path} ${Buffer.from(body).toString()}`);
      return { status: 200, headers: [], body: Buffer.from('{}') };
    };
    expect(await visit.submit(form)).toEqual({ how: 'answered', stalled: false });
    expect(seen).toEqual(['/api/moods 0123456789']);
    visit.onPost = () => Promise.reject(new Error('what was asked cannot be read'));
    expect(await visit.submit(form)).toEqual({ how: 'no-request', stalled: false });
    await visit.close();
  });

  it.each(['dies at once', 'dies at open'])('that %s is heard of by whoever opens a visit', async (how) => {
    await expect(start(how).open('http://app.example.org')).rejects.toBeInstanceOf(BrowsingLost);
  });

  it('that dies while a form is submitted is heard of, and takes no further visit', async () => {
    const one = start('dies at submit');
    const visit = await one.open('http://app.example.org');
    await expect(visit.submit(form)).rejects.toBeInstanceOf(BrowsingLost);
    await expect(visit.close()).rejects.toBeInstanceOf(BrowsingLost);
    expect(one.isUsable).toBe(false);
  });

  it.each([
    ['never ready', { startMsMax: 200 }],
    ['hangs at open', { openMsMax: 200 }],
  ])('that is %s is ended in time', async (how, limits) => {
    await expect(start(how, limits).open('http://app.example.org')).rejects.toBeInstanceOf(BrowsingLost);
  });

  it('knows nothing of the service’s environment, and is gone when it was told to end', async () => {
    process.env['A_SECRET_OF_THE_SERVICE'] = 'x';
    const one = start('reports its environment');
    const { how } = await (await one.open('http://app.example.org')).submit(form);
    const { env, pid } = JSON.parse(how) as { env: string[]; pid: number };
    delete process.env['A_SECRET_OF_THE_SERVICE'];
    expect(env.filter((name) => !name.startsWith('NODE_'))).toEqual(['PATH']);
    await one.end();
    expect(isAlive(pid)).toBe(false);
  });

  it('that dies under every visit makes the visit ours, and an app may go over HTTP', async () => {
    const driver = driverOf('dies at open');
    const opening = driver.open('http://app.example.org', new AbortController().signal);
    await expect(opening).rejects.toMatchObject({ side: 'ours', tryHttp: true });
    await driver.close();
  });

  it('that cannot be started, for want of a Chromium, makes the visit ours, and is tried again', async () => {
    let tries = 0;
    const driver = new BrowserDriver(() => Promise.reject(new Error(`none ${(tries += 1)}`)), undefined as never);
    for (const wanted of [1, 2]) {
      const opening = driver.open('http://app.example.org', new AbortController().signal);
      await expect(opening).rejects.toMatchObject({ side: 'ours', tryHttp: true });
      expect(tries).toBe(wanted);
    }
    await driver.close();
  });

  it('is not waited for by a visit that was given up', async () => {
    const driver = driverOf('never ready');
    const stop = new AbortController();
    const opening = driver.open('http://app.example.org', stop.signal);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ side: 'ours', tryHttp: false });
    await driver.close();
  });
});
