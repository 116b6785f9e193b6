import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { readServicePlan } from '../src/installation.js';
import { labBeside, saveLab } from '../src/labs.js';
import { removeLab } from '../src/removing-lab.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { LabsView } from '#libs/contracts/src/labs.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { connectTo } from '#libs/local/src/given-nats.js';
import { startPostgres } from '#libs/local/src/postgres.js';
import { inboxPrefix, streamOf, subject } from '#libs/messaging/src/subjects.js';
import { until } from '#libs/testing/src/settle.js';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'dist/apps/cli/src/main.js');
const home = throwawayDataDir();
const env = {
  ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LOCKSTEP_DATA: home.dir },
  ...{ PORT: '0', FILL_DRIVER: 'http', BASELINE_URL: 'http://127.0.0.1:9', EGRESS_ALLOW: '127.0.0.1:9' },
};
const appUrl = 'http://127.0.0.1:10';
/** In no data but those of the lab that it was submitted to. */
const appName = 'Rosalind of physics';

interface Told {
  readonly url: string;
  readonly first: { name: string; password: string };
  readonly failed: { name: string; why: string }[];
  readonly labs: { name: string; url: string; first: { name: string; password: string } }[];
}
type LabName = 'main' | 'physics';
const other = { main: 'physics', physics: 'main' } as const;
const dirOf = { main: home.dir, physics: join(home.dir, 'lab-physics') };
const planOf = (lab: LabName, service: ServiceName) => readServicePlan(dirOf[lab], service);

// Goal: two classes in one installation neither see nor reach each other. Method: the built command line, an app that takes part in one
// of two labs, and every way into the other: its pages, its databases, its bus, its staff.
describe('two labs of one installation', () => {
  let up: ChildProcess;
  let told: Told;
  const urlOf = () => ({ main: told.url, physics: told.labs[0]!.url });
  const open: { close(): Promise<unknown> }[] = [];

  const lockstep = async (...args: string[]) =>
    promisify(execFile)(process.execPath, [main, ...args], { cwd: root, env }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      (error: { code: number; stderr: string }) => ({ code: error.code, out: error.stderr }),
    );

  beforeAll(async () => {
    const own = [`BASELINE_URL=http://127.0.0.1:8`, `EGRESS_ALLOW=127.0.0.1:8,127.0.0.1:10`, 'PORT=0'];
    expect(await lockstep('labs', 'add', 'physics', '--title', 'Physics 2', ...own)).toMatchObject({ code: 0 });
    saveLab(home.dir, { name: 'broken', settings: { BASELINE_URL: 'http://127.0.0.1:7', PORT: '0' } });
    writeFileSync(join(home.dir, 'lab-broken', 'log'), 'no directory'); // it cannot start
    up = spawn(process.execPath, [main, 'up', '--no-demo', '--json'], { cwd: root, env });
    let out = '';
    let words = '';
    up.stdout!.on('data', (text) => (out += text));
    up.stderr!.on('data', (text) => (words += text));
    told = await until(() => {
      if (up.exitCode !== null) throw new Error(words);
      return out.trim().endsWith('}') && (JSON.parse(out) as Told);
    }, 120_000);
    const submitted = await lockstep('submit', appName, appUrl, '--lab', 'physics');
    expect(submitted).toEqual({ code: 0, out: expect.stringContaining('takes part') });
    await until(async () => (await namesOnBoard('physics')).includes(appName), 30_000);
  }, 240_000);
  afterAll(async () => {
    await Promise.all(open.map((one) => one.close()));
    up?.kill('SIGKILL');
    home.remove();
  });

  const ask = (lab: LabName, path: string, headers: Record<string, string> = {}) =>
    fetch(`${urlOf()[lab]}${path}`, { headers });
  const namesOnBoard = async (lab: LabName): Promise<string[]> => {
    const { rows } = (await (await ask(lab, '/api/v1/board')).json()) as { rows: { name: string }[] };
    return rows.map(({ name }) => name);
  };

  it('show each other by title and address, and have nothing of each other on their boards', async () => {
    expect(told.labs).toMatchObject([{ name: 'physics', title: 'Physics 2' }]);
    const [ofMain, ofPhysics] = await Promise.all(
      (['main', 'physics'] as const).map(async (lab) => (await (await ask(lab, '/api/v1/labs')).json()) as LabsView),
    );
    expect([ofMain!.here, ofPhysics!.here, ofPhysics!.labs]).toEqual(['main', 'physics', ofMain!.labs]);
    expect(ofMain!.labs.map(({ name, title, port }) => [name, title, port])).toEqual([
      ['main', 'main', Number(new URL(urlOf().main).port)],
      ['broken', 'broken', expect.any(Number)],
      ['physics', 'Physics 2', Number(new URL(urlOf().physics).port)],
    ]);
    expect([await namesOnBoard('main'), await namesOnBoard('physics')]).toEqual([[], [appName]]);
  });

  it('start although a third does not, and that is said', () => {
    expect(told.failed).toEqual([{ name: 'broken', why: expect.stringMatching(/^EEXIST.*lab-broken\/log/) }]);
  });

  it('have nothing of each other in their databases, and no way into them', async () => {
    const holding = async (lab: LabName) => {
      const found = await Promise.all(
        services.map((service) => rowsWith(planOf(lab, service)['DATABASE_URL']!, appName)),
      );
      return services.filter((_, index) => found[index]! > 0);
    };
    const hearing: readonly ServiceName[] = ['submission', 'filler', 'comparator', 'leaderboard'];
    await until(async () => {
      const found = await holding('physics');
      return hearing.every((service) => found.includes(service));
    }, 60_000);
    expect(await holding('main')).toEqual([]);
    for (const lab of ['main', 'physics'] as const) {
      const url = new URL(planOf(lab, 'submission')['DATABASE_URL']!);
      url.pathname = new URL(planOf(other[lab], 'submission')['DATABASE_URL']!).pathname;
      await expect(rowsWith(url.href, appName)).rejects.toThrow(/^permission denied for database/);
    }
  }, 90_000);

  const connectAs = async (lab: LabName, service: ServiceName): Promise<NatsConnection> => {
    const connection = await connectTo(planOf(lab, service)['NATS_URL']!, inboxPrefix(service));
    open.push(connection);
    return connection;
  };

  it('have nothing of each other on their bus', async () => {
    const submissions = async (lab: LabName) => {
      const { streams } = await jetstreamManager(await connectAs(lab, 'leaderboard'), { checkAPI: false });
      const { state } = await streams.info(streamOf('submission'), { subjects_filter: '>' });
      return state.subjects?.[subject.event('submission', 'AppSubmitted')] ?? 0;
    };
    expect([await submissions('main'), await submissions('physics')]).toEqual([0, 1]);

    const [ofMain, ofPhysics] = [await connectAs('main', 'submission'), await connectAs('physics', 'submission')];
    const heard = ofMain.subscribe(subject.wake('submission'));
    await ofMain.flush();
    ofPhysics.publish(subject.wake('submission'), 'from physics');
    await ofPhysics.flush(); // the server has dealt with it
    ofMain.publish(subject.wake('submission'), 'from main');
    for await (const message of heard) {
      if (!message.string().startsWith('from ')) continue; // one of the service itself
      expect(message.string()).toBe('from main');
      break;
    }
  });

  it('refuse each other’s users, tokens and sessions', async () => {
    const swapped = Object.assign(new URL(planOf('physics', 'filler')['NATS_URL']!), { username: 'filler' });
    await expect(connectTo(swapped.href)).rejects.toThrow('refuses the user or password');
    const sessions = { main: await signIn('main', told.first), physics: await signIn('physics', told.labs[0]!.first) };
    expect([sessions.main.name, sessions.physics.name]).toEqual(['lockstep', 'lockstep-physics']);
    const statusOf = async (lab: LabName, of: LabName) => {
      const bearer = `Bearer ${planOf(of, 'gateway')['ADMIN_TOKEN']}`;
      const cookie = `${sessions[lab].name}=${sessions[of].secret}`;
      const byToken = await ask(lab, '/api/v1/suspects', { authorization: bearer });
      const bySession = await ask(lab, '/api/v1/suspects', { cookie });
      return [byToken.status, bySession.status];
    };
    for (const lab of ['main', 'physics'] as const)
      expect([await statusOf(lab, lab), await statusOf(lab, other[lab])]).toEqual([
        [200, 200],
        [401, 401],
      ]);
  });

  async function signIn(lab: LabName, credentials: Told['first']): Promise<{ name: string; secret: string }> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(credentials);
    const answer = await fetch(`${urlOf()[lab]}/api/v1/session`, { method: 'POST', headers, body });
    const [, name, secret] = /^([\w-]+)=([^;]+);/.exec(answer.headers.get('set-cookie') ?? '')!;
    return { name: name!, secret: secret! };
  }

  it('go when they are told to, and not by mistake', async () => {
    expect(await lockstep('labs', 'remove', 'physics')).toEqual({
      ...{ code: 2, out: expect.stringContaining('Nothing was removed: the installation on') },
    });
    up.kill('SIGINT');
    expect(await once(up, 'exit')).toEqual([0, null]);
    const lab = labBeside(home.dir, 'physics');
    await expect(removeLab(home.dir, lab, { dropData: false })).rejects.toThrow(
      /^Nothing was removed: lab physics has 1 app, \d+ fills?, .* \.\/lockstep labs remove physics --drop-data$/,
    );
    expect(existsSync(dirOf.physics)).toBe(true);
    const postgres = await startPostgres({ dir: home.dir, fsync: false });
    try {
      const lost = await removeLab(home.dir, lab, { dropData: true, databaseUrl: postgres.url });
      expect([lost?.apps, existsSync(dirOf.physics)]).toEqual([1, false]);
      expect(await databasesOf(postgres.url)).toEqual(services.map((name) => `lockstep_${name}`).toSorted());
    } finally {
      await postgres.stop();
    }
  }, 180_000);
});

async function databasesOf(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select datname as name from pg_database where datname like 'lockstep%' and datname not like '%broken%' order by 1`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** How many rows of all tables hold this text. */
async function rowsWith(databaseUrl: string, text: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  try {
    await client.connect();
    const tables = await client.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    let count = 0;
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from ${name} t where strpos(t::text, $1) > 0`,
        [text],
      );
      count += rows[0]!.n;
    }
    return count;
  } finally {
    await client.end();
  }
}
