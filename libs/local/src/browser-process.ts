import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';
import { makeBrowserHome } from './browser-home.js';
import { mustBeSandboxed } from './browser-sandbox.js';
import { setprivPath } from './child.js';
import { unpackChromium, type Chromium } from './chromium.js';
import { silentProgress } from './progress.js';
import { browserUser } from './unprivileged.js';

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
  /** Ends every process of it at once; `close` still removes the profile. */
  kill(): void;
}

export interface LaunchOptions {
  /** One that is known to run here; else one is found. */
  readonly chromium?: Chromium;
  /** How far all its processes stand back behind others, 0 to 19. */
  readonly niceness?: number;
  /** The longest that one command to it may take. */
  readonly commandMsMax?: number;
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
 * Chromium with its sandbox on (looked at, not believed), as an unprivileged child that ends with this process, with a fresh profile that ends with it.
 * `args` say how it may reach the network.
 */
export async function launchBrowser(args: readonly string[], options: LaunchOptions = {}): Promise<OpenBrowser> {
  const chromium = options.chromium ?? (await unpackChromium(silentProgress));
  const home = makeBrowserHome();
  try {
    const browser = await launch(chromium, home.dir, args, options);
    await mustBeSandboxed(browser).catch((error: unknown) => {
      killGroup(browser);
      throw error;
    });
    return {
      browser,
      close: () => closeBrowser(browser).finally(home.remove),
      kill: () => killGroup(browser),
    };
  } catch (e) {
    home.remove();
    throw e;
  }
}

async function launch(
  chromium: Chromium,
  home: string,
  args: readonly string[],
  { niceness = 0, commandMsMax }: LaunchOptions,
): Promise<Browser> {
  const chromeArgs = await puppeteer.defaultArgs({
    headless: 'shell',
    userDataDir: `${home}/profile`,
    args: [...commonArgs, ...args],
  });
  const command = [...standingBack(niceness), ...asBrowserUser(), chromium.executable, ...chromeArgs];
  return puppeteer.launch({
    executablePath: command[0]!,
    args: command.slice(1),
    ignoreDefaultArgs: true,
    pipe: true, // a debugging port would be open to every local user
    // What a signal means is decided by whoever owns this process: puppeteer would kill the browser and exit at once.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ...(commandMsMax === undefined ? {} : { protocolTimeout: commandMsMax }),
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home, ...chromium.env },
  });
}

/** Before anything is forked: what is forked later inherits it, the helpers of Chromium among them. */
function standingBack(niceness: number): string[] {
  const nice = niceness > 0 ? ['/usr/bin/nice', '/bin/nice'].find(existsSync) : undefined;
  return nice ? [nice, '-n', String(niceness)] : [];
}

/** puppeteer cannot start a child as another user; setpriv can, and hands its pipes on. A process that has become that user need not. */
function asBrowserUser(): string[] {
  const setpriv = setprivPath();
  const { uid, gid } = process.getuid?.() === 0 ? browserUser : {};
  if (!setpriv && uid !== undefined)
    throw new Error('setpriv (package util-linux) is needed to start a browser as root.');
  if (!setpriv) return [];
  const drop = uid === undefined ? [] : [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return [setpriv, ...drop, '--no-new-privs', '--pdeathsig', 'KILL', '--'];
}

const CLOSE_DEADLINE_MS = 5000;

async function closeBrowser(browser: Browser): Promise<void> {
  const late = setTimeout(() => killGroup(browser), CLOSE_DEADLINE_MS);
  await browser.close().finally(() => clearTimeout(late));
}

/** puppeteer starts Chromium as the leader of a group of its own; its helpers stay in it. */
function killGroup(browser: Browser): void {
  const child = browser.process();
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ESRCH') throw e; // it has just ended
  }
}
