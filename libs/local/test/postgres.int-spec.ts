import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { throwawayDataDir } from '../src/throwaway-dir.js';
import { startPostgres, usePostgres, type Postgres } from '../src/postgres.js';
import { postgresUser } from '../src/unprivileged.js';
import { eventually, query } from './facts.js';

const home = throwawayDataDir();
let postgres: Postgres;
const told: string[] = [];
const start = () =>
  startPostgres({
    dir: home.dir,
    fsync: false,
    maxConnections: 40,
    onProgress: { step: () => undefined, done: (text) => told.push(text) },
  });
const withPassword = (url: string, password: string) => Object.assign(new URL(url), { password }).href;

beforeAll(async () => {
  postgres = await start();
});
afterAll(async () => {
  await postgres?.stop();
  home.remove();
});

describe('a Postgres of our own', () => {
  it('is version 18 and says where it is', () => {
    expect(postgres.version).toMatch(/^18\./);
    expect(told).toContain(`Postgres ${postgres.version} at 127.0.0.1:${postgres.port}`);
  });

  it('listens on 127.0.0.1 only, and on no socket file', async () => {
    expect(await query(postgres.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    expect(await query(postgres.url, 'show unix_socket_directories')).toEqual(['']);
  });

  it('refuses a wrong password and none at all', async () => {
    await expect(query(withPassword(postgres.url, 'wrong'), 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(query(withPassword(postgres.url, ''), 'select 1')).rejects.toThrow(/password/);
  });

  it('gives a service a database that no other service can enter', async () => {
    const one = await postgres.ensureDatabase('one', { password: 'one' });
    const two = await postgres.ensureDatabase('two', { password: 'two' });
    expect(await query(one, 'select current_database()')).toEqual(['one']);
    await query(one, 'create table note (id uuid primary key default uuidv7())');
    const denied = { code: '42501' };
    await expect(query(Object.assign(new URL(two), { pathname: '/one' }).href, 'select 1')).rejects.toMatchObject(
      denied,
    );
    await expect(query(Object.assign(new URL(two), { pathname: '/postgres' }).href, 'select 1')).rejects.toMatchObject(
      denied,
    );
  });

  it('keeps the data of a service and takes its new password when asked again', async () => {
    const before = await postgres.ensureDatabase('kept', { password: 'old' });
    await query(before, 'create table note (text text); insert into note values ($$here$$)');
    const after = await postgres.ensureDatabase('kept', { password: 'new' });
    expect(await query(after, 'select text from note')).toEqual(['here']);
    await expect(query(before, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('makes the same database once when asked twice at the same time', async () => {
    const both = [1, 2].map(() => postgres.ensureDatabase('twice', { password: 'p' }));
    expect(new Set(await Promise.all(both)).size).toBe(1);
  });

  it('shows no password in its log, even when every statement is logged', async () => {
    await query(postgres.url, `alter role lockstep set log_statement = 'all'`);
    await postgres.ensureDatabase('quiet', { password: 'never-to-be-logged' });
    await query(postgres.url, 'alter role lockstep reset log_statement');
    expect(postgres.logTail()).toContain('create role "quiet"');
    expect(postgres.logTail()).not.toContain('never-to-be-logged');
  });

  it('takes any password, and only names that every driver reads back the same', async () => {
    const url = await postgres.ensureDatabase('Odd-name_1', { password: 'p@ss:/?#%' });
    expect(await query(url, 'select current_user')).toEqual(['Odd-name_1']);
    for (const name of ['', 'x'.repeat(64), 'a"b', 'a/b', 'ä']) {
      await expect(postgres.ensureDatabase(name, { password: 'p' })).rejects.toThrow('is no database name');
    }
  });

  it('clones a template with its data, apart from it from then on, and drops it', async () => {
    const template = await postgres.ensureDatabase('template_a', { password: 'p' });
    await query(template, 'create table note (text text); insert into note values ($$one$$)');
    const clone = await postgres.cloneDatabase(template, 'clone_a');
    await query(clone, 'insert into note values ($$two$$)');
    expect(await query(clone, 'select text from note order by 1')).toEqual(['one', 'two']);
    expect(await query(template, 'select text from note')).toEqual(['one']);
    await postgres.dropDatabase('clone_a');
    await postgres.dropDatabase('clone_a');
    await expect(query(clone, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});

describe('a Postgres that ends and starts', () => {
  it.each(['SIGINT', 'SIGQUIT', 'SIGKILL'] as const)(
    'has every committed row after %s, at the same address',
    async (signal) => {
      const url = await postgres.ensureDatabase(`after_${signal}`, { password: 'p' });
      await query(url, 'create table note (n int); insert into note select generate_series(1, 100)');
      const former = postgres.pid;
      await postgres.restart(signal);
      expect(postgres.pid).not.toBe(former);
      expect(await query(url, 'select count(*)::int from note')).toEqual([100]);
    },
  );

  it('is back at once although a killed one leaves a statement computing', async () => {
    const busy = query(postgres.url, 'select count(*) from generate_series(1, 1e10)').catch(() => 'ended');
    const computing = `select count(*)::int from pg_stat_activity where query like '%1e10%' and pid <> pg_backend_pid()`;
    await eventually(async () => expect(await query(postgres.url, computing)).toEqual([1]));
    await postgres.restart('SIGKILL');
    expect(await busy).toBe('ended');
    expect(await query(postgres.url, computing)).toEqual([0]);
  });

  it('stays down after kill until it is restarted', async () => {
    await postgres.kill('SIGKILL');
    expect(postgres.pid).toBeUndefined();
    await expect(query(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
    expect(await query(postgres.url, 'select 1')).toEqual([1]);
  });

  it('comes back by itself, and says so, when somebody else kills it', async () => {
    const former = postgres.pid!;
    process.kill(former, 'SIGKILL');
    await eventually(() => expect(told).toContain('Postgres ended by itself (SIGKILL) and is being started again'));
    expect(await eventually(() => query(postgres.url, 'select 1'))).toEqual([1]);
    expect(postgres.pid).not.toBe(former);
  });

  it('is stopped for good by a stop that comes while it is coming back', async () => {
    process.kill(postgres.pid!, 'SIGKILL');
    await eventually(() => expect(postgres.pid).toBeUndefined());
    await postgres.stop();
    expect(postgres.pid).toBeUndefined();
    await expect(query(postgres.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
  });

  it('starts although its old process id belongs to another program of the same user by now', async () => {
    await postgres.kill('SIGKILL');
    const other = spawn('sleep', ['60'], { ...postgresUser, stdio: 'ignore' });
    await once(other, 'spawn');
    const pidFile = join(home.dir, 'postgres', 'postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(other.pid)));
    await postgres.restart();
    other.kill();
    expect(await query(postgres.url, 'select 1')).toEqual([1]);
  });
});

describe('starting on what is there', () => {
  it('has the same address as last time, and another when that is taken', async () => {
    const { port } = postgres;
    await postgres.stop();
    postgres = await start();
    expect(postgres.port).toBe(port);
    await postgres.stop();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    postgres = await start();
    expect(postgres.port).not.toBe(port);
    await expect(startPostgres({ dir: home.dir, port })).rejects.toThrow(`Port ${port} for Postgres is taken`);
    squatter.close();
  });

  it('says what to do when the secrets were replaced', async () => {
    await postgres.stop();
    const file = join(home.dir, 'secrets.json');
    const right = readFileSync(file);
    writeFileSync(file, '{"postgresAdmin":"another"}');
    await expect(start()).rejects.toThrow(/secrets\.json is not the one of the data.*Put the old file back/s);
    writeFileSync(file, right);
    postgres = await start();
  });

  it('says what to do when another version wrote the data', async () => {
    await postgres.stop();
    const file = join(home.dir, 'postgres', 'PG_VERSION');
    writeFileSync(file, '15\n');
    await expect(start()).rejects.toThrow('were written by Postgres 15, this is 18. Move them away');
    writeFileSync(file, '18\n');
    postgres = await start();
  });
});

(postgresUser.uid === undefined ? describe.skip : describe)(
  'a directory that is closed to the user of Postgres',
  () => {
    it('is refused with what to do', async () => {
      const closed = throwawayDataDir();
      chmodSync(closed.dir, 0o700);
      await expect(startPostgres({ dir: closed.dir })).rejects.toThrow(
        `cannot get into ${closed.dir}: it and its parents`,
      );
      closed.remove();
    });
  },
);

describe('a Postgres of the user (DATABASE_URL)', () => {
  const login = async (abilities: string) => {
    const role = `guest_${abilities.replaceAll(' ', '_')}`;
    await query(postgres.url, `create role ${role} login password 'guest' ${abilities}`);
    await query(postgres.url, `grant connect on database postgres to ${role}`);
    const url = Object.assign(new URL(postgres.url), { username: role, password: 'guest' });
    return url.href;
  };

  it('works with an ordinary role that may create databases and roles', async () => {
    const theirs = await usePostgres(await login('createdb createrole'));
    const url = await theirs.ensureDatabase('theirs', { password: 'p' });
    await query(url, 'create table note (n int); insert into note values (7)');
    await theirs.ensureDatabase('theirs', { password: 'q' });
    const clone = await theirs.cloneDatabase(withPassword(url, 'q'), 'theirs_clone');
    expect(await query(clone, 'select n from note')).toEqual([7]);
    await theirs.dropDatabase('theirs_clone');
    await theirs.dropDatabase('theirs');
    await theirs.stop();
    expect(await query(theirs.url, `select count(*)::int from pg_database where datname like 'theirs%'`)).toEqual([0]);
    await expect(theirs.restart()).rejects.toThrow('not ours');
  });

  it('belongs to one installation, whose databases another one neither shares nor locks out', async () => {
    const login_ = await login('createrole createdb');
    const [one, other] = [await usePostgres(login_, 'one'), await usePostgres(login_, 'other')];
    const url = await one.ensureDatabase('owned', { password: 'p' });
    expect(await one.ensureDatabase('owned', { password: 'p' })).toBe(url);
    await expect(other.ensureDatabase('owned', { password: 'q' })).rejects.toThrow(
      /database owned at 127\.0\.0\.1:\d+ belongs to another installation .* comment on database "owned" is null;/,
    );
    expect(await query(url, 'select 1')).toEqual([1]);
    await query(login_, 'comment on database owned is null');
    await other.ensureDatabase('owned', { password: 'q' });
    await expect(one.ensureDatabase('owned', { password: 'p' })).rejects.toThrow('belongs to another installation');
    await other.dropDatabase('owned');
  });

  it('is refused when what answers there is no Postgres', async () => {
    const rude = createServer((socket) => socket.destroy());
    await once(rude.listen(0, '127.0.0.1'), 'listening');
    const { port } = rude.address() as AddressInfo;
    await expect(usePostgres(`postgres://u:p@127.0.0.1:${port}/x`)).rejects.toThrow(
      `No Postgres answers at 127.0.0.1:${port} (`,
    );
    rude.close();
  });

  it('is refused when it has no such database', async () => {
    const url = Object.assign(new URL(postgres.url), { pathname: '/nowhere' });
    await expect(usePostgres(url.href)).rejects.toThrow('database "nowhere" does not exist. Correct DATABASE_URL.');
  });

  it.each(['createdb', 'createrole'])(
    'is refused with the statement that helps when its role has only %s',
    async (abilities) => {
      const url = await login(abilities);
      await expect(usePostgres(url)).rejects.toThrow(`run: alter role "guest_${abilities}" createdb createrole;`);
    },
  );

  it.each([
    ['not-a-url', 'must look like postgres://'],
    ['mysql://localhost/x', 'must look like postgres://'],
    ['postgres://u:p@127.0.0.1:1/x', 'No Postgres answers at 127.0.0.1:1'],
  ])('is refused when DATABASE_URL is %s', async (url, message) => {
    await expect(usePostgres(url)).rejects.toThrow(message);
  });

  it('is refused when the password is wrong', async () => {
    const wrong = usePostgres(withPassword(postgres.url, 'wrong'));
    await expect(wrong).rejects.toThrow(`Postgres at 127.0.0.1:${postgres.port} refuses the user or password`);
  });
});
