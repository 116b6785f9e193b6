import { Applier } from '../src/applier.js';
import { Bus } from '../src/bus.js';
import { InboxReader } from '../src/inbox-reader.js';
import { databaseOf } from '../src/start-service.js';
import { subject } from '../src/subjects.js';
import { LockKeeper } from '#libs/replication/src/lock-keeper.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { Submitter, submitOne } from '#libs/testing/src/submitting.js';
import { quiet } from '#libs/testing/src/test-database.js';

describe('two services on the bus', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  it('brings every committed event to its consumer once and in order', async () => {
    await submitter.submit(50);
    await lab.settle();
    const rows = await lab.query('leaderboard', 'select name from standing where known order by name');
    expect(rows).toHaveLength(50);
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  });

  it('answers a wrong request with a problem and changes nothing', async () => {
    const before = await lab.query('submission', 'select count(*) from app');
    const answer = await submitOne(submitter.connection, { name: '', url: 'nonsense' });
    expect(answer).toMatchObject({ problem: { type: 'urn:lockstep:problem:validation', side: 'yours', status: 400 } });
    expect(await lab.query('submission', 'select count(*) from app')).toEqual(before);
  });

  it('gives an answer over no other connection than that of its request; who asks again gets it', async () => {
    const app = { name: 'patient', url: 'https://patient.example.org' };
    await lab.query('submission', `select pg_advisory_lock(hashtext('roster'))`);
    const first = submitOne(submitter.connection, app, 'asked-twice').catch(() => 'no answer');
    await until(async () => (await lab.query('submission', 'select 1 from pg_locks where not granted')).length > 0);
    await lab.nats.restart('SIGKILL');
    const list = () => submitter.connection.request(subject.ask('submission', 'ListApps'), '{}', { timeout: 500 });
    await until(() => list().catch(() => undefined));
    await lab.query('submission', `select pg_advisory_unlock(hashtext('roster'))`);
    expect(await first).toBe('no answer');
    expect(await submitOne(submitter.connection, app, 'asked-twice')).toMatchObject({ ok: { name: 'patient' } });
    expect(lab.nats.logTail()).not.toMatch(/violation/i);
  });

  it('ends a reader that is stopped while its lock is being given to it', async () => {
    const service = 'comparator';
    const env = lab.plan[service];
    const definition = { name: service, entities: [], migrations: [], module: class {} } as const;
    const database = await databaseOf(definition, env['DATABASE_URL']!, quiet);
    await database.migrateUp();
    const bus = await Bus.connect({ service, url: env['NATS_URL']!, logger: quiet });
    const locks = new LockKeeper(database, quiet);
    const applier = new Applier({ service, database, handlers: new Map(), logger: quiet });
    const reader = new InboxReader('submission', { service, bus, database, locks, applier, logger: quiet });
    const acquire = locks.acquire.bind(locks);
    let stopped: Promise<void> | undefined;
    locks.acquire = async (name, signal) => {
      const lock = await acquire(name, signal);
      stopped = reader.stop();
      return lock;
    };
    try {
      reader.start();
      await until(() => stopped !== undefined);
      await stopped;
    } finally {
      await locks.close();
      await bus.close();
      await database.close();
    }
  });
});
