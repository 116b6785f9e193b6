import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { temporaryDir } from './cache-dir.js';
import { setprivPath } from './child.js';
import { unpackChromium, type Chromium } from './chromium.js';
import { silentProgress } from './progress.js';
import { browserUser } from './unprivileged.js';

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Quiet, without a display and without anything that calls home. */
const commonArgs = [
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-first-run',
];

/**
 * Chromium with its sandbox on, as an unprivileged child that ends with this process, with a fresh profile that ends with it.
 * `args` say how it may reach the network; `executable` is one that is known to run here, else one is found.
 */
export async function launchBrowser(args: readonly string[], executable?: string): Promise<OpenBrowser> {
  const env = executable ? { ...process.env, CHROMIUM_PATH: executable } : process.env;
  const chromium = await unpackChromium(silentProgress, env);
  const home = mkdtempSync(join(process.platform === 'linux' ? temporaryDir() : tmpdir(), 'lockstep-browser-'));
  const { uid, gid } = browserUser;
  if (uid !== undefined && gid !== undefined) chownSync(home, uid, gid);
  const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await launch(chromium, home, args);
    return { browser, close: () => closeBrowser(browser).finally(removeHome) };
  } catch (e) {
    removeHome();
    throw e;
  }
}

async function launch(chromium: Chromium, home: string, args: readonly string[]): Promise<Browser> {
  const chromeArgs = await puppeteer.defaultArgs({
    headless: 'shell',
    userDataDir: join(home, 'profile'),
    args: [...commonArgs, ...args],
  });
  const command = [...asBrowserUser(), chromium.executable, ...chromeArgs];
  return puppeteer.launch({
    executablePath: command[0]!,
    args: command.slice(1),
    ignoreDefaultArgs: true,
    pipe: true, // a debugging port would be open to every local user
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home, ...chromium.env },
  });
}

/** puppeteer cannot start a child as another user; setpriv can, and hands its pipes on. */
function asBrowserUser(): string[] {
  const setpriv = setprivPath();
  const { uid, gid } = browserUser;
  if (!setpriv && uid !== undefined)
    throw new Error('setpriv (package util-linux) is needed to start a browser as root.');
  if (!setpriv) return [];
  const drop = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return [setpriv, ...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
}

const CLOSE_DEADLINE_MS = 5000;

async function closeBrowser(browser: Browser): Promise<void> {
  const late = setTimeout(() => browser.process()?.kill('SIGKILL'), CLOSE_DEADLINE_MS);
  await browser.close().finally(() => clearTimeout(late));
}
