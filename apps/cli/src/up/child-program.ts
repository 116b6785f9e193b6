import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../installation.js';
import { endChild, isRunning, setprivPath } from '#libs/local/src/child.js';

export interface ChildProgram {
  readonly running: boolean;
  stop(): Promise<void>;
}

/** This program again, as a child that ends with us; resolves when it says that it is ready. Its words go to a log file. */
export function startChildProgram(
  args: readonly string[],
  env: Record<string, string>,
  logFile: string,
): Promise<ChildProgram> {
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
  return new Promise((resolve, reject) => {
    const last: string[] = [];
    const hear = (line: string) => {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > 10) last.shift();
      if (line.startsWith('{"msg":"ready"')) resolve(toProgram(child));
    };
    createInterface({ input: child.stdout }).on('line', hear);
    createInterface({ input: child.stderr }).on('line', hear);
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${args[0]} ended (${signal ?? code}):\n${last.join('\n')}`)),
    );
  });
}

const toProgram = (child: ChildProcess): ChildProgram => ({
  get running() {
    return isRunning(child);
  },
  stop: () => endChild(child, [['SIGTERM', 8_000]]),
});
