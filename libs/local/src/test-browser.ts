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
  browser: Browser;
  close(): Promise<void>;
}

/**
 * A browser for looking at our own pages on loopback, in tests and for screenshots: sandboxed, unprivileged, gone with this
 * process. It resolves no name but localhost. Not for pages of others: it has no egress proxy.
 */
export async function openBrowser(): Promise<OpenBrowser> {
  const chromium = await unpackChromium(silentProgress);
  const home = mkdtempSync(join(process.platform === 'linux' ? temporaryDir() : tmpdir(), 'lockstep-browser-'));
  const { uid, gid } = browserUser;
  if (uid !== undefined && gid !== undefined) chownSync(home, uid, gid);
  const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  try {
    const browser = await launch(chromium, home);
    return { browser, close: () => closeBrowser(browser).finally(removeHome) };
  } catch (e) {
    removeHome();
    throw e;
  }
}

async function launch(chromium: Chromium, home: string): Promise<Browser> {
  const chromeArgs = await puppeteer.defaultArgs({
    headless: 'shell',
    userDataDir: join(home, 'profile'),
    args: [
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
      '--no-proxy-server',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
  const command = [...asBrowserUser(), chromium.executable, ...chromeArgs];
  return puppeteer.launch({
    executablePath: command[0]!,
    args: command.slice(1),
    ignoreDefaultArgs: true,
    pipe: true, // a debugging port would be open to every local user
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, ...chromium.env },
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
