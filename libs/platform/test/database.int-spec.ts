import { connect, createServer, type Server, type Socket } from 'node:net';
import { Database } from '../src/database.js';
import { databaseTrouble } from '../src/database-trouble.js';
import { prepared } from '../src/prepared.js';
import { SharedStatement } from '../src/shared-statement.js';
import type { SqlMigration } from '../src/sql-migration.js';
import { until } from '#libs/testing/src/settle.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';

const things: SqlMigration = {
  name: '0201-things',
  up: 'create table thing (n int)',
  down: 'drop table thing',
};
const names: SqlMigration = {
  name: '0202-names',
  up: 'alter table thing add name text',
  down: 'alter table thing drop name',
};

describe('the database of a service', () => {
  let server: TestDatabase;
  let url: string;
  beforeAll(async () => {
    server = await TestDatabase.start();
    url = await server.postgres.ensureDatabase('platform', { password: 'test' });
  });
  afterAll(() => server?.stop());

  const open = (at = url, migrations: readonly SqlMigration[] = []) =>
    Database.open({ url: at, service: 'platform', entities: [], migrations, poolMax: 2, logger: quiet });

  it('goes up and down its steps, and up again, one instance after the other', async () => {
    const [one, other] = [await open(url, [things, names]), await open(url, [things, names])];
    const steps = await Promise.all([one.migrateUp(), other.migrateUp()]);
    expect(steps.flat()).toEqual(['0201-things', '0202-names']);
    await one.query(`insert into thing values (1, 'a')`);
    expect(await other.migrateDown()).toEqual(['0202-names']);
    expect(await one.query('select * from thing')).toEqual([{ n: 1 }]);
    expect(await one.migrateDown(9)).toEqual(['0201-things']);
    expect((await one.migrationStatus()).map((step) => step.executedAt)).toEqual([null, null]);
    expect(await other.migrateUp()).toEqual(['0201-things', '0202-names']);
    await Promise.all([one.close(), other.close()]);
  });

  it('gives a step of the schema more time than a statement', async () => {
    const limit = `current_setting('statement_timeout') as limit`;
    const slow = { name: '0203-slow', up: `create table seen as select ${limit}`, down: 'drop table seen' };
    const database = await open(url, [things, names, slow]);
    await database.migrateUp();
    expect(await database.query('select * from seen')).toEqual([{ limit: '0' }]);
    expect(await database.query(`select ${limit}`)).toEqual([{ limit: '10s' }]);
    await database.close();
  });

  it('commits all of a transaction or nothing, and wakes only after the commit', async () => {
    const database = await open();
    const told: string[] = [];
    await database.query('truncate thing');
    const failed = database.transaction(async (tx) => {
      await tx.query('insert into thing values (1)');
      tx.afterCommit('a', () => told.push('failed'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await database.transaction(async (tx) => {
      tx.beforeCommit('b', () => tx.query('insert into thing values (2)').then(() => undefined));
      tx.afterCommit('c', () => told.push('committed'));
      tx.afterCommit('d', () => {
        throw new Error('a wake-up that fails changes nothing');
      });
    });
    expect([told, await database.query('select n from thing')]).toEqual([['committed'], [{ n: 2 }]]);
    await database.close();
  });

  it('runs a shared statement once for all who ask at the same moment', async () => {
    const database = await open();
    await database.query('create sequence if not exists runs');
    const shared = new SharedStatement<number, { ask: number; run: string; n: number }>(
      `with one as materialized (select nextval('runs') as run) select ask::int, run, n from one
       cross join unnest($1::int[]) with ordinality as asked (n, ask) where n > 0`,
      (inputs) => [inputs],
    );
    const rows = await database.transaction(async (tx) => {
      const late = Promise.resolve().then(() => shared.ask(tx, 3)); // some microtasks later is the same moment
      const first = await Promise.all([shared.ask(tx, 1), shared.ask(tx, -2), late]);
      return [...first, await shared.ask(tx, 4)];
    });
    const [run] = rows[0]!.map((row) => row.run);
    expect(rows.map((of) => of.map(({ n, run: of }) => [n, Number(of) - Number(run)]))).toEqual([[[1, 0]], [], [[3, 0]], [[4, 1]]]); // prettier-ignore
    await database.close();
  });

  it('tells all who share a statement of its error', async () => {
    const database = await open();
    const shared = new SharedStatement<number>('select 1 / n as ask from unnest($1::int[]) as asked (n)', (inputs) => [inputs]); // prettier-ignore
    const failed = database.transaction(async (tx) => {
      const both = await Promise.allSettled([shared.ask(tx, 1), shared.ask(tx, 0)]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await database.close();
  });

  it('keeps the plans of marked statements on each connection, and of no others', async () => {
    const database = await open();
    const marked = prepared('select $1::int + 1 as n');
    const rows = await database.transaction(async (tx) => {
      for (const n of [1, 2]) expect(await tx.query(marked, [n])).toEqual([{ n: n + 1 }]);
      expect(await tx.query('select $1::int + 2 as n', [1])).toEqual([{ n: 3 }]);
      return tx.query<{ statement: string }>('select statement from pg_prepared_statements');
    });
    expect(rows).toEqual([{ statement: marked }]);
    await database.close();
  });

  it('says that the outcome is unknown when the connection is lost during the commit', async () => {
    const database = await open();
    const lost = database.transaction(async (tx) => {
      const [{ pid }] = (await tx.query<{ pid: number }>('select pg_backend_pid() as pid')) as [{ pid: number }];
      tx.beforeCommit('cut', async () => {
        const other = await database.connect();
        await other.query('select pg_terminate_backend($1)', [pid]);
        await other.end();
      });
    });
    await expect(lost).rejects.toMatchObject({ name: 'CommitUnknown' });
    await database.close();
  });

  it('ends a connection to a server that has fallen silent, and goes on when it is back', async () => {
    const road = await SilentRoad.to(url);
    const database = await Database.open({
      ...{ url: road.url, service: 'platform', entities: [], migrations: [], poolMax: 2, logger: quiet },
      limits: { query_timeout: 300 },
    });
    await database.query('select 1');
    road.isSilent = true;
    const error = await database.query('select 2').catch((failure: unknown) => failure);
    expect(databaseTrouble(error)).toBe('away');
    road.isSilent = false;
    await until(async () => (await database.query('select 3').catch(() => [])).length === 1, 5_000);
    await until(() => road.openCount === 1);
    await database.close();
    await road.close();
  });
});

/** A road on which nothing is lost and nothing is told: packets are swallowed, connections stay. */
class SilentRoad {
  isSilent = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async to(databaseUrl: string): Promise<SilentRoad> {
    const target = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const through = new URL(databaseUrl);
    through.port = String((server.address() as { port: number }).port);
    const road = new SilentRoad(through.href, server);
    server.on('connection', (socket) => {
      const far = connect(Number(target.port), '127.0.0.1');
      road.sockets.add(socket);
      socket.on('data', (data) => road.isSilent || far.write(data));
      far.on('data', (data) => road.isSilent || socket.write(data));
      socket.on('close', () => (road.sockets.delete(socket), far.destroy())).on('error', () => far.destroy());
      far.on('close', () => socket.destroy()).on('error', () => socket.destroy());
    });
    return road;
  }

  get openCount(): number {
    return this.sockets.size;
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(() => done()));
  }
}
