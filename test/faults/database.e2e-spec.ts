import pg from 'pg';
import type { PostgresSignal } from '#libs/local/src/postgres.js';
import { poolMax } from '#libs/messaging/src/start-service.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { until } from '#libs/testing/src/settle.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';

// Goal: what Postgres has committed stays and arrives, what it has not leaves no trace, and pools and locks come back by themselves;
// whoever looks at the board meanwhile sees what is known, and then all of it.
// Method: services hosted here over a Postgres that really writes to disk; load, the fault in its middle, more load; then the count.
describe('a Postgres that', () => {
  let lab: Lab;
  let submitter: Submitter;
  let gateway: GatewayClient;
  beforeAll(async () => {
    lab = await Lab.start({
      host: ['gateway', 'submission', 'leaderboard'],
      env: { PORT: '0', ADMIN_PASSWORD: 'a password for tests' },
      fsync: true,
    });
    gateway = await GatewayClient.of(lab);
    submitter = await Submitter.start(lab);
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  const board = () => gateway.visitor<BoardView>('GET', '/api/v1/board');

  async function underLoad(fault: () => Promise<unknown>): Promise<void> {
    await submitter.submit(20);
    const load = submitter.submit(40);
    const looks = Promise.all(Array.from({ length: 10 }, board));
    await fault();
    await load;
    expect((await looks).map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
    const { rows, missing } = (await board()).body;
    expect(rows.map(({ name }) => name).toSorted()).toEqual(submitter.accepted.toSorted());
    expect(missing).toEqual(['comparator']);
  }

  it.each<[string, PostgresSignal, number]>([
    ['is restarted in good order', 'SIGINT', 0],
    ['is restarted without its goodbyes', 'SIGQUIT', 0],
    ['is killed and recovers', 'SIGKILL', 500],
  ])('%s', async (_how, signal, downMs) => {
    await underLoad(() => lab.postgres.restart(signal, downMs));
  });

  const backends = (service: ServiceName, where: string) =>
    lab.query<{ ended: boolean }>(
      service,
      `select pg_terminate_backend(pid) as ended from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and ${where}`,
    );

  it.each<ServiceName>(['submission', 'leaderboard'])(
    'ends the connection that holds the locks of %s',
    async (service) => {
      const holder = () => lab.query<{ pid: number }>(service, 'select backend_pid as pid from lock_holder');
      const [before] = await holder();
      await underLoad(() => backends(service, `application_name = 'lockstep-${service}-locks'`));
      const after = await until(async () => (await holder()).every(({ pid }) => pid !== before!.pid));
      expect(after).toBe(true);
    },
  );

  it('ends connections of the pools, again and again', async () => {
    let ended = 0;
    await underLoad(async () => {
      for (let turn = 0; turn < 8; turn += 1)
        for (const service of ['submission', 'leaderboard'] as const)
          ended += (await backends(service, `application_name = 'lockstep-${service}'`)).length;
    });
    expect(ended).toBeGreaterThan(8);
  });

  it('leaves the pools whole: as many requests at once reach the database as the pool has connections', async () => {
    const holding = new pg.Client({ connectionString: lab.plan.submission['DATABASE_URL'] });
    await holding.connect();
    await holding.query('begin; lock table app in access exclusive mode');
    const load = submitter.submit(16, { atOnce: 16 });
    const waiting = `select count(*)::int as count from pg_stat_activity
                     where datname = current_database() and application_name = 'lockstep-submission' and wait_event_type = 'Lock'`;
    await until(async () => (await holding.query<{ count: number }>(waiting)).rows[0]!.count === poolMax, 5_000);
    await holding.end();
    await load;
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('has lost a table of one service leaves the board of the others up', async () => {
    const rename = (from: string, to: string) => lab.query('submission', `alter table ${from} rename to ${to}`);
    await rename('automation', 'gone');
    const { rows, missing } = (await board()).body;
    expect([rows.length, missing]).toEqual([submitter.accepted.length, ['submission', 'comparator']]);
    await rename('gone', 'automation');
    expect((await board()).body.missing).toEqual(['comparator']);
  });
});
