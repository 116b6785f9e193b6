import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launchBrowser } from '../src/browser-process.js';
import { unpackChromium } from '../src/chromium.js';
import { silentProgress } from '../src/progress.js';
import { openBrowser, type OpenBrowser } from '../src/test-browser.js';
import { browserUser, postgresUser } from '../src/unprivileged.js';
import { eventually, isAlive } from './facts.js';

const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Board</h1>'));
let opened: OpenBrowser;
let pid: number;

beforeAll(async () => {
  await once(site.listen(0, '127.0.0.1'), 'listening');
  opened = await openBrowser();
  pid = opened.browser.process()!.pid!;
});
afterAll(async () => {
  await opened?.close();
  site.close();
});

const descendants = (of: number): number[] => {
  const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent]) => Number(parent) === of)
    .map(([child]) => Number(child));
  return [...children, ...children.flatMap(descendants)];
};
const status = (of: number) => readFileSync(`/proc/${of}/status`, 'utf8');
const command = (of: number) => readFileSync(`/proc/${of}/cmdline`, 'utf8');

describe('the browser for our own pages', () => {
  it('shows a page on loopback', async () => {
    const page = await opened.browser.newPage();
    await page.goto(`http://localhost:${(site.address() as AddressInfo).port}/`);
    expect(await page.evaluate('document.querySelector("h1").textContent')).toBe('Board');
  });

  it('resolves no name but localhost', async () => {
    const page = await opened.browser.newPage();
    await expect(page.goto('http://example.com/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED');
  });

  it('is unprivileged, cannot touch the files of Postgres, and its pages run in the sandbox', () => {
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status(pid))![1]);
    expect(uid).toBe(browserUser.uid ?? process.getuid?.());
    if (postgresUser.uid !== undefined) expect([0, postgresUser.uid]).not.toContain(uid);
    const pages = descendants(pid).filter((child) => command(child).includes('--type=renderer'));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) expect(status(page)).toMatch(/^Seccomp:\s+2$/m);
  });

  const itOnLinux = process.platform === 'linux' ? it : it.skip;
  itOnLinux('is not opened, and leaves nothing, when something turns its sandbox off', async () => {
    const running = () => descendants(process.pid).filter((one) => isAlive(one) && existsSync(`/proc/${one}`) && command(one).includes('--user-data-dir')); // prettier-ignore
    const before = running();
    await expect(launchBrowser(['--no-sandbox'])).rejects.toThrow('This Chromium runs pages without its sandbox');
    await eventually(() => expect(running()).toEqual(before));
  });

  it('is gone after close, and its profile with it', async () => {
    const profile = /--user-data-dir=([^\0]+)\/profile/.exec(command(pid))![1]!;
    expect(existsSync(profile)).toBe(true);
    await opened.close();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(profile)).toBe(false);
  });
});

describe('a program that has a browser open', () => {
  let program: string;
  beforeAll(() => {
    const clone = join(import.meta.dirname, '../../..');
    program = mkdtempSync(join(tmpdir(), 'lockstep-program-'));
    const swc = [join(clone, 'node_modules/@swc/cli/bin/swc.js'), 'libs/local', '-d', program];
    execFileSync(process.execPath, [...swc, '--config-file', '.swcrc', '--quiet'], { cwd: clone });
    writeFileSync(join(program, 'package.json'), '{"type":"module"}');
    symlinkSync(join(clone, 'node_modules'), join(program, 'node_modules'));
  });
  afterAll(() => rmSync(program, { recursive: true, force: true }));

  async function start() {
    const file = join(program, 'libs/local/test/browser-owner.js');
    const owner = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: owner.stdout });
    const [first] = (await once(lines, 'line')) as [string];
    const { browser } = JSON.parse(first) as { browser: number };
    const profile = /--user-data-dir=([^\0]+)\/profile/.exec(command(browser))![1]!;
    return { owner, lines, browser, profile };
  }

  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'decides itself what %s means: it ends in order, and leaves nothing behind',
    async (signal) => {
      const { owner, lines, browser, profile } = await start();
      const said = once(lines, 'line');
      owner.kill(signal);
      expect(await once(owner, 'exit')).toEqual([0, null]);
      expect(await said).toEqual(['goodbye']);
      expect([isAlive(browser), existsSync(profile)]).toEqual([false, false]);
    },
  );

  it('takes the browser with it when it is killed; its profile is swept by the next one', async () => {
    const { owner, browser, profile } = await start();
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await eventually(() => expect(isAlive(browser)).toBe(false));
    expect(existsSync(profile)).toBe(true);
    const next = await openBrowser();
    await next.close();
    expect(existsSync(profile)).toBe(false);
  });
});

describe('which Chromium', () => {
  it('is the one of CHROMIUM_PATH', async () => {
    const { executable } = await unpackChromium(silentProgress);
    expect(await unpackChromium(silentProgress, { CHROMIUM_PATH: executable })).toEqual({
      executable,
      dir: expect.any(String),
      env: {},
    });
  });

  it('is none when CHROMIUM_PATH leads nowhere', async () => {
    const nowhere = unpackChromium(silentProgress, { CHROMIUM_PATH: '/nowhere/chromium' });
    await expect(nowhere).rejects.toThrow('CHROMIUM_PATH=/nowhere/chromium is no browser that runs here.');
  });
});
