import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ended, endChild, isRunning, setprivPath } from './child.js';
import type { ServiceEnv } from './service-plan.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';

export interface ServiceProcessOptions {
  /** The checkout, built: what runs is in its `dist/`. */
  readonly root: string;
  readonly env: ServiceEnv;
  /** Gets every line that the service logs. */
  readonly onLine?: (line: string) => void;
  readonly traced?: boolean;
}

/** A service as a process of its own, bound to our life. It stays ended when it ends. */
export class ServiceProcess {
  private constructor(
    readonly name: ServiceName,
    private readonly child: ChildProcess,
    /** Where it answers /readyz. */
    readonly url: string,
  ) {}

  /** Resolves when it is ready; rejects with its last words when it ends before. */
  static start(name: ServiceName, options: ServiceProcessOptions): Promise<ServiceProcess> {
    const child = launch(name, options);
    return new Promise((resolve, reject) => {
      const last: string[] = [];
      const hear = (line: string) => {
        options.onLine?.(line);
        last.push(line);
        if (last.length > 20) last.shift();
        const url = readyUrl(line);
        if (url) resolve(new ServiceProcess(name, child, url));
      };
      createInterface({ input: child.stdout! }).on('line', hear);
      createInterface({ input: child.stderr! }).on('line', hear);
      child.once('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`${name} ended (${signal ?? code}) before it was ready:\n${last.join('\n')}`)),
      );
    });
  }

  get pid(): number {
    return this.child.pid!;
  }
  get running(): boolean {
    return isRunning(this.child);
  }
  get exited(): Promise<void> {
    return ended(this.child);
  }

  /** SIGSTOP and SIGCONT too. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** In good order, 20 s at most. */
  stop(): Promise<void> {
    return endChild(this.child, [['SIGTERM', 20_000]]);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await ended(this.child);
  }
}

function launch(name: ServiceName, { root, env, traced }: ServiceProcessOptions): ChildProcess {
  const dist = join(root, 'dist');
  const register = join(dist, 'libs/platform/src/telemetry/register.js');
  const preload = traced && existsSync(register) ? ['--import', register] : [];
  const node = [process.execPath, '--enable-source-maps', ...preload, join(dist, 'apps', name, 'src/main.js')];
  const setpriv = setprivPath();
  const [program, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'TERM', '--', ...node] : node;
  const inherited = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TMPDIR: process.env['TMPDIR'],
    TZ: process.env['TZ'],
  };
  return spawn(program!, rest, {
    cwd: root,
    env: { ...inherited, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function readyUrl(line: string): string | undefined {
  if (!line.includes('"ready"')) return undefined;
  try {
    const entry = JSON.parse(line) as { msg?: string; url?: string };
    return entry.msg === 'ready' ? entry.url : undefined;
  } catch {
    return undefined;
  }
}
