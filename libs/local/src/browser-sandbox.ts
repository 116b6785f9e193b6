import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/**
 * Refuses a browser whose pages do not run in its sandbox. We never turn that off, but a wrapper script, a package of the system or
 * its settings may, and nothing else would tell. Linux only: elsewhere nobody can look.
 */
export async function mustBeSandboxed(browser: Browser): Promise<void> {
  if (process.platform !== 'linux') return;
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  await page.evaluate('1'); // a renderer closes its sandbox before it runs any script
  if (renderersOf(browser.process()?.pid).some(isSandboxed)) return;
  throw new Error(
    'This Chromium runs pages without its sandbox, so none is opened: take --no-sandbox out of whatever starts it (CHROMIUM_PATH, CHROMIUM_FLAGS, /etc/chromium.d).',
  );
}

/** The browser leads a group of its own; its helpers stay in it. */
const renderersOf = (group: number | undefined): string[] =>
  readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && Number(groupOf(pid)) === group && read(pid, 'cmdline').includes('--type=renderer'),
  );

/** The fifth field of stat(5); the second, the name, may hold anything. */
function groupOf(pid: string): string | undefined {
  const stat = read(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
}

/** It filters its own system calls: the layer that is closed last. */
const isSandboxed = (pid: string): boolean => /^Seccomp:\s+2$/m.test(read(pid, 'status'));

function read(pid: string, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return ''; // the process has just ended
  }
}
