import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { findServers } from '#libs/local/src/running-servers.js';
import { postgresUser } from '#libs/local/src/unprivileged.js';
import { until } from '#libs/testing/src/settle.js';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'dist/apps/cli/src/main.js');
const home = throwawayDataDir();
/** Fills over HTTP: what a browser adds is tried elsewhere. */
const env = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  LOCKSTEP_DATA: home.dir,
  PORT: '0',
  FILL_DRIVER: 'http',
};

interface Told {
  readonly url: string;
  readonly dataDir: string;
  readonly egressAllow: string[];
  readonly first: { name: string; password: string } | null;
}
interface Up {
  readonly child: ChildProcess;
  readonly told: Told;
  /** What it said beside its document. */
  readonly words: () => string;
}

// Goal: what a person does with `up`, from the outside. Method: the built command line as a process, on data of its own.
describe('lockstep up', () => {
  const running = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    home.remove();
  });

  async function up(...more: string[]): Promise<Up> {
    const child = spawn(process.execPath, [main, 'up', '--json', ...more], { cwd: root, env });
    running.add(child);
    let out = '';
    let words = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (words += text));
    const told = await until(() => {
      if (child.exitCode !== null) throw new Error(words);
      return out.trim().endsWith('}') && (JSON.parse(out) as Told);
    }, 60_000);
    return { child, told, words: () => words };
  }
  async function end({ child }: Up, signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    running.delete(child);
    return code;
  }
  const lockstep = async (...args: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args], { cwd: root, env }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      (error: { code: number; stderr: string }) => ({ code: error.code, out: error.stderr }),
    );
  const runFile = join(home.dir, 'run.json');

  it('says where everything is, is found by other commands, and stops in order', async () => {
    const lab = await up();
    expect(lab.told).toMatchObject({ dataDir: home.dir, first: { name: 'admin' }, egressAllow: { length: 7 } });
    expect((await fetch(`${lab.told.url}/api`)).status).toBe(200);
    expect([JSON.parse(readFileSync(runFile, 'utf8')), statSync(runFile).mode & 0o777]).toMatchObject([
      { url: lab.told.url, broker: 'ours' },
      0o600,
    ]);
    const apps = await lockstep('apps', '--json');
    expect((JSON.parse(apps.out) as { name: string }[]).map(({ name }) => name)).toEqual([
      ...['Faithful', 'Lossy', 'Laggy', 'Proxying', 'Flapping', 'Wrong time zone'],
    ]);
    const second = await lockstep('up');
    expect(second).toEqual({
      code: 2,
      out: expect.stringMatching(/already running on .* LOCKSTEP_DATA=<directory> PORT=/),
    });
    expect(await end(lab, 'SIGINT')).toBe(0);
    expect([existsSync(runFile), await lockstep('apps')]).toEqual([
      false,
      { code: 2, out: expect.stringContaining(`No lab runs on LOCKSTEP_DATA=${home.dir}`) },
    ]);
  });

  it('has the same data again, in a process for each service, and starts again what ends by itself', async () => {
    const lab = await up('--split');
    expect(lab.told.first).toBeNull();
    const baseline = `http://${lab.told.egressAllow[0]}/api/moods/all`;
    const [demo] = findServers('node', 'demo-apps').filter(({ command }) => command.includes(root));
    process.kill(demo!.pid, 'SIGKILL');
    await until(() => lab.words().includes('The process of the demo apps ended by itself and is being started again'));
    await until(async () => (await fetch(baseline).catch(() => undefined))?.ok);
    expect(await lockstep('compare', '--no-wait', '--via', 'nats')).toMatchObject({ code: 0 });
    expect(await end(lab, 'SIGTERM')).toBe(0);
  });

  it('leaves its schemas to be looked at while nothing runs', async () => {
    const { code, out } = await lockstep('db', 'status', '--json');
    const { leaderboard } = JSON.parse(out) as Record<string, { name: string; executedAt: string | null }[]>;
    expect([code, leaderboard!.map(({ name }) => name)]).toEqual([0, expect.arrayContaining(['0101-board'])]);
    expect(leaderboard!.every(({ executedAt }) => executedAt !== null)).toBe(true);
    expect(findServers('postgres', home.dir, postgresUser.uid)).toEqual([]);
  });
});
