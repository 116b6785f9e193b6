import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningProgram } from './supervised.js';
import { root } from '../installation.js';
import { endChild, ended, setprivPath } from '#libs/local/src/child.js';

/** A child that is not ready by then never will be. */
const readyMsMax = 60_000;

/** This program again, as a child that ends with us; resolves when it says that it is ready. Its words go to a log file. */
export function startChildProgram(
  args: readonly string[],
  env: Record<string, string>,
  logFile: string,
): Promise<RunningProgram> {
  const node = [process.execPath, '--enable-source-maps', join(root, 'dist/apps/cli/src/main.js'), ...args];
  const setpriv = setprivPath();
  const [program, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'TERM', '--', ...node] : node;
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: process.env['TZ'] };
  const child = spawn(program!, rest, {
    cwd: root,
    env: { ...inherited, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  child.once('close', () => log.end());
  const late = setTimeout(() => child.kill('SIGKILL'), readyMsMax);
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    const hear = (line: string) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > 10) last.shift();
      if (!line.startsWith('{"msg":"ready"')) return;
      clearTimeout(late);
      resolve({ exited: ended(child), stop: () => endChild(child, [['SIGTERM', 8_000]]) });
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`${args[0]} ended (${signal ?? code}):\n${last.join('\n')}`));
    });
  });
}
