import { randomUUID } from 'node:crypto';
import { compareLedgers, type LedgerSource } from '../src/ledger-check.js';
import { eventsOfRange, readApplied, readCommitted } from '../src/ledger.js';
import { Retention } from '../src/retention.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';
import type { Database } from '#libs/platform/src/database.js';
import { append, noteReader, number } from '#libs/replication/src/numbered-log.js';

// The road from submission to leaderboard, without services: what is kept, what goes, and what the ledger says of it.
describe('retention', () => {
  let server: TestDatabase;
  let producer: Database;
  let consumer: Database;
  let count = 0;
  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    count += 1;
    producer = await server.open(`producer_${count}`);
    consumer = await server.open(`consumer_${count}`);
  });
  afterAll(() => server?.stop());

  const commit = async (events: number) => {
    const entries = Array.from({ length: events }, (_, index) => ({ id: randomUUID(), name: 'AppSubmitted', key: `k${index % 7}`, body: '{}', traceparent: undefined })); // prettier-ignore
    await producer.transaction((tx) => append(tx, entries));
    return number(producer, events);
  };
  /** As the applier records them. */
  const apply = async (rows: readonly { n: number; id: string; key: string }[]) => {
    await consumer.query(
      `with moved as (insert into cursor (log, n) values ('submission', $1) on conflict (log) do update set n = excluded.n)
       insert into applied (log, n, event_id, name, key)
       select 'submission', n, id, 'AppSubmitted', key from unnest($2::bigint[], $3::uuid[], $4::text[]) as row (n, id, key)`,
      [rows.at(-1)!.n, rows.map((row) => row.n), rows.map((row) => row.id), rows.map((row) => row.key)],
    );
  };
  const sweep = (database: Database, service: 'submission' | 'leaderboard') =>
    new Retention({ connection: database, service, logger: quiet, everyMs: 0 }).sweepIfDue(true);
  const age = (database: Database, table: string, column: string, hours: number, where = 'true') =>
    database.query(`update ${table} set ${column} = ${column} - make_interval(hours => $1) where ${where}`, [hours]);
  const source: LedgerSource = {
    committed: (_, wanted, span) => readCommitted(producer, wanted, span),
    applied: (_, log, span) => readApplied(consumer, log, span),
    events: (service, log, wanted, span) =>
      eventsOfRange(service === 'submission' ? producer : consumer, {
        log,
        own: service === 'submission',
        wanted,
        span,
      }),
  };
  const line = async () => (await compareLedgers(source, ['submission', 'leaderboard'])).lines[0]!;

  it('keeps the log for the slowest reader; the ledger calls nothing lost whose record the other has swept', async () => {
    await apply(await commit(30));
    await age(producer, 'outbox', 'appended_at', 100);
    await age(consumer, 'applied', 'at', 100, 'n <= 20');
    await sweep(consumer, 'leaderboard');
    await noteReader(producer, 'leaderboard', 30);
    await sweep(producer, 'submission');
    expect(await producer.query('select n from outbox')).toHaveLength(30);
    expect(await consumer.query('select n from applied')).toHaveLength(10);
    expect(await line()).toMatchObject({ committed: 10, applied: 10, lost: 0, duplicated: 0, phantom: 0 });
  });

  it('lets the log go when every reader has it; the ledger calls nothing a phantom whose row is gone', async () => {
    await apply(await commit(30));
    await age(producer, 'outbox', 'appended_at', 100, 'n <= 12');
    for (const reader of ['filler', 'comparator', 'leaderboard']) await noteReader(producer, reader, 30);
    await sweep(producer, 'submission');
    expect(await producer.query('select n from outbox')).toHaveLength(18);
    expect(await line()).toMatchObject({ committed: 18, applied: 18, lost: 0, duplicated: 0, phantom: 0 });
  });

  it('does not hide from the ledger what is lost, doubled or made up, in logs of many thousands', async () => {
    const rows = await commit(4_000);
    const lost = rows[2_500]!;
    const twice = rows[1_200]!;
    await apply([...rows.filter((row) => row !== lost), twice, { n: 3_999, id: randomUUID(), key: 'k' }, rows.at(-1)!]);
    await consumer.query('delete from applied where n = 4000 and position < (select max(position) from applied)');
    expect(await line()).toMatchObject({ lost: 1, duplicated: 1, phantom: 1, underWay: 0 });
    expect((await line()).outOfOrder).toBeGreaterThan(0);
  });

  it('forgets answers and discarded events in time, and keeps what is younger', async () => {
    await consumer.query(
      `insert into answered (key_hash, request, request_hash) values ('a', 'x', ''), ('b', 'x', '')`,
    );
    await age(consumer, 'answered', 'at', 49, `key_hash = 'a'`);
    await consumer.query(
      `insert into held (event_id, log, n, name, key, body, appended_at, state, held_at)
       select gen_random_uuid(), 'submission', n, 'x', 'k', '{}', now(), state, now() - make_interval(days => days)
       from (values (1, 'discarded', 31), (2, 'discarded', 29), (3, 'dead', 400)) as row (n, state, days)`,
    );
    await sweep(consumer, 'leaderboard');
    expect(await consumer.query('select key_hash from answered')).toEqual([{ key_hash: 'b' }]);
    expect(await consumer.query('select n::int as n from held order by n')).toEqual([{ n: 2 }, { n: 3 }]);
  });
});
