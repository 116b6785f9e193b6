import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningProgram } from './supervised.js';
import { root } from '../installation.js';
import { endChild, ended, setprivPath } from '#libs/local/src/child.js';

/** A child that is not ready by then never will be. */
const readyMsMax = 60_000;

export interface ChildProgram {
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly logFile: string;
  readonly traced?: boolean;
  /** How long it may take to end in good order. */
  readonly stopMsMax: number;
}

/** This program again, as a child that ends with us; resolves when it says that it is ready. Its words go to a log file. */
export function startChildProgram({ args, env, logFile, traced, stopMsMax }: ChildProgram): Promise<RunningProgram> {
  const preload = traced ? ['--import', join(root, 'dist/libs/platform/src/telemetry/register.js')] : [];
  const main = join(root, 'dist/apps/cli/src/main.js');
  const node = [process.execPath, '--enable-source-maps', ...preload, main, ...args];
  const setpriv = setprivPath();
  const [program, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'TERM', '--', ...node] : node;
  const { PATH, HOME, TMPDIR, TZ } = process.env;
  const child = spawn(program!, rest, {
    cwd: root,
    env: { PATH, HOME, TMPDIR, TZ, ...env },
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
      resolve({ exited: ended(child), stop: () => endChild(child, [['SIGTERM', stopMsMax]]) });
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
