import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { HeldEvent } from '#libs/contracts/src/operations.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: one consumer's trouble stays its own: a poison event holds back its key only, a slow consumer only itself.
// Method: rows written straight into submission's log; a trigger in the board's database that refuses one of them, or takes its
// time over each. The comparator hears the same events and must not notice.
/** The board's process ends at once when it needs more memory than this; all events at once would. */
const heapMib = 256;
const traceId = '0af7651916cd43dd8448eb211c80319c';

describe('a consumer', () => {
  let lab: Lab;
  let gateway: NatsConnection;
  beforeAll(async () => {
    lab = await Lab.start({
      host: ['submission', 'comparator'],
      split: ['leaderboard'],
      env: { LOCKSTEP_RETRY_DELAYS_MS: '100,200,300' },
      envOf: { leaderboard: { NODE_OPTIONS: `--max-old-space-size=${heapMib}` } },
    });
    gateway = await lab.connectAs('gateway');
  });
  afterAll(async () => {
    await gateway?.close();
    await lab?.stop();
  });

  /**
   * Appends `count` AppSubmitted named `<prefix> <number>`, of `apps` apps in turn, each with `padding` bytes that the contract
   * does not know. Returns the apps' ids: event `number` is of app `number % apps`.
   */
  const append = async (prefix: string, count: number, { apps = count, padding = 0 } = {}) => {
    const ids = Array.from({ length: apps }, () => randomUUID());
    await lab.query(
      'submission',
      `insert into outbox (id, name, key, body, traceparent)
       select uuidv7(), 'AppSubmitted', app,
              jsonb_build_object('appId', app, 'name', $1 || ' ' || number, 'team', null, 'url', 'https://' || app || '.example.org',
                                 'joinedAt', '2026-01-01T00:00:00.000Z', 'padding', repeat('x', $4::int)),
              $5
       from generate_series(1, $2::int) as number, lateral (select ($3::text[])[number % cardinality($3) + 1] as app) as of
       order by number`,
      [prefix, count, ids, padding, `00-${traceId}-b7ad6b7169203331-01`],
    );
    return ids;
  };
  const appendOne = (name: string, key: string, body: object) =>
    lab.query('submission', `insert into outbox (id, name, key, body) values (uuidv7(), $1, $2, $3)`, [
      name,
      key,
      JSON.stringify(body),
    ]);
  const progress = async (service: ServiceName) => {
    const [row] = await lab.query<{ cursor: number }>(
      service,
      `select n::int as cursor from cursor where log = 'submission'`,
    );
    const [head] = await lab.query<{ n: number; waiting: number }>(
      'submission',
      'select n::int as n, (select count(*)::int from outbox where n is null) as waiting from outbox_head',
    );
    return { cursor: row?.cursor ?? 0, head: head!.n + head!.waiting };
  };
  const untilRead = (service: ServiceName) =>
    until(async () => {
      const { cursor, head } = await progress(service);
      return cursor === head;
    }, 60_000);
  const held = (service: ServiceName) =>
    lab.query<{ id: string; name: string; state: string; attempts: number; error: string }>(
      service,
      'select event_id as id, name, state, attempts, error from held order by n',
    );
  const ask = async (service: ServiceName, request: string, data: object) => {
    const reply = await gateway.request(subject.ask(service, request), JSON.stringify(data), { timeout: 5_000 });
    return reply.json<Answer>();
  };
  const clean = { lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 };
  /** From now on the board's database does this for every row of the table for which it holds. */
  const meddle = (table: 'standing' | 'log_line', when: string, act: string) =>
    lab.query(
      'leaderboard',
      `create or replace function meddle() returns trigger language plpgsql as $$ begin ${act}; return new; end $$;
       create trigger meddle before insert or update on ${table} for each row when (${when}) execute function meddle()`,
    );
  const heal = () => lab.query('leaderboard', 'drop function meddle cascade');
  /** Apps of the first test on the board; how many have the name of their last event; how many have left. */
  const names = async () => {
    const [row] = await lab.query<{ apps: number; newest: number; left: number }>(
      'leaderboard',
      `select count(*)::int as apps, count(*) filter (where substr(name, 6)::int > 9800)::int as newest, count(left_at)::int as left
       from standing where name like 'many %'`,
    );
    return row;
  };

  it('with one poison event among 10,000 applies the others; later ones of its key wait; replayed, it takes effect once', async () => {
    await meddle('log_line', `new.text like 'many 5000 %'`, `raise exception 'no such app today'`);
    const apps = await append('many', 10_000, { apps: 200 });
    const poisoned = apps[0]!;
    await appendOne('AppWithdrawn', poisoned, { appId: poisoned, by: 'ada', at: '2026-01-02T00:00:00.000Z' });
    await Promise.all([untilRead('leaderboard'), untilRead('comparator')]);
    await lab.settle();
    const [dead, ...waiting] = await held('leaderboard');
    expect(dead).toMatchObject({ name: 'AppSubmitted', state: 'dead', attempts: 4 });
    expect(dead!.error).toMatch(/no such app today/);
    expect(waiting.map((row) => [row.name, row.state])).toEqual([
      ...Array.from({ length: 25 }, () => ['AppSubmitted', 'waiting']),
      ['AppWithdrawn', 'waiting'],
    ]);
    expect(await names()).toEqual({ apps: 200, newest: 199, left: 0 });
    expect(await held('comparator')).toEqual([]);
    expect(await lab.ledger()).toMatchObject(clean);
    await heal();
    expect(await ask('leaderboard', 'ShowHeld', { eventId: dead!.id })).toMatchObject({ ok: { event: { traceId } } });
    for (let time = 0; time < 2; time += 1)
      expect(await ask('leaderboard', 'ReplayHeld', { eventId: dead!.id, by: 'ada' })).toHaveProperty('ok');
    await lab.settle();
    await until(async () => (await held('leaderboard')).length === 0);
    expect(await names()).toEqual({ apps: 200, newest: 200, left: 1 });
    const told = await lab.query<{ text: string }>(
      'leaderboard',
      `select text from log_line where app_id = $1 order by line`,
      [poisoned],
    );
    const changed = (number: number) => `many ${number} changed its name or address.`;
    expect(told.map((row) => row.text).slice(-27)).toEqual([
      ...Array.from({ length: 26 }, (_, index) => changed(5_000 + 200 * index)),
      'many 10000 was withdrawn.',
    ]);
    expect(await lab.ledger()).toMatchObject(clean);
  }, 150_000);

  it('sends what breaks its contract to the dead letters at once; discarded, its key goes on', async () => {
    const [app] = (await append('strange', 1)) as [string];
    await appendOne('AppWithdrawn', app, { appId: app, by: 7 });
    await appendOne('AppWithdrawn', app, { appId: app, by: 'ada', at: '2026-01-02T00:00:00.000Z' });
    for (const service of ['leaderboard', 'comparator'] as const) {
      await untilRead(service);
      const [dead, waiting] = await held(service);
      expect(dead).toMatchObject({ state: 'dead', attempts: 1, error: expect.stringMatching(/breaks its contract/) });
      expect(waiting).toMatchObject({ state: 'waiting' });
      const listed = (await ask(service, 'ListHeld', { states: ['dead'] })) as {
        ok: { events: HeldEvent[]; total: number };
      };
      expect(listed.ok).toMatchObject({ total: 1, events: [{ eventId: dead!.id, log: 'submission', service }] });
      await ask(service, 'DiscardHeld', { eventId: dead!.id, by: 'ada', reason: 'it never was one' });
      await until(async () => (await held(service)).every((row) => row.state === 'discarded'));
    }
    expect(
      await lab.query('leaderboard', `select 1 from standing where name = 'strange 1' and left_at is null`),
    ).toEqual([]);
    expect(await lab.ledger()).toMatchObject(clean);
  });

  it('that is slower than its producer keeps its memory, loses nothing, and holds up nobody else', async () => {
    const pid = lab.alive('leaderboard')[0]!.pid;
    const before = residentMib(pid);
    await meddle('standing', 'true', 'perform pg_sleep(0.02)');
    const rows = 3_000;
    await append('slow', rows, { apps: 100, padding: 80_000 });
    await untilRead('comparator');
    const { cursor, head } = await progress('leaderboard');
    expect(head - cursor).toBeGreaterThan(rows / 4);
    let highest = 0;
    await until(async () => {
      highest = Math.max(highest, residentMib(pid));
      const now = await progress('leaderboard');
      return now.cursor === now.head;
    }, 60_000);
    await heal();
    await lab.settle();
    console.info(`memory of the slow consumer: ${before} MiB, at most ${highest} MiB`);
    expect(highest - before).toBeLessThan(heapMib);
    const newest = `select count(*)::int as count from standing where name like 'slow %' and substr(name, 6)::int > $1`;
    expect(await lab.query('leaderboard', newest, [rows - 100])).toEqual([{ count: 100 }]);
    expect(await lab.ledger()).toMatchObject(clean);
  }, 150_000);
});

/** Memory of a process that is in RAM. */
const residentMib = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
