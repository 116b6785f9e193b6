import pg from 'pg';
import { keptLedgers } from '#apps/comparator/src/persistence/migrations/0112-kept-ledgers.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import type { ComparisonDetail, GetComparison, ListSuspects } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { ListWrites } from '#libs/contracts/src/filler.js';
import type { BoardView, SubmittedApp } from '#libs/contracts/src/gateway.js';

// Goal: who passes the baseline's data off as his own is found, with evidence, for staff only; who is honest is not, also when he began
// with a copy of the baseline, or when a rival wrote the baseline's rows into his app.
// Method: real services, egress, browser and apps; a comparison is asked for until it draws the list that is meant.
const token = 'a-token-for-tests-that-is-long-enough-0123456789';

describe('cheaters', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;
  const submitted = new Map<string, string>();

  const submit = async (name: string) => {
    const app = { name, url: apps.students.get(name)!.url };
    const { body } = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', app);
    submitted.set(name, body.appId);
  };
  /** Looks that wait for their time are made due. */
  const allJudged = () =>
    until(async () => {
      await lab.query(
        'comparator',
        `update work set due_at = clock_timestamp() where kind = 'comparison' and due_at > clock_timestamp()`,
      );
      return (await lab.query('comparator', `select 1 from comparison where state <> 'done'`)).length === 0;
    });
  const closed = (number: number) =>
    until(
      async () =>
        (await lab.query('comparator', 'select 1 from fill where number = $1 and closed_at is not null', [number]))
          .length > 0,
    );
  /** The one that submissions ask for, if they do, or another. */
  const fill = async (number: number) => {
    await gateway.staff('POST', '/api/v1/fills');
    await closed(number);
    await lab.settle();
    await allJudged();
  };
  const compare = async (...names: string[]) => {
    const apps = names.map((name) => submitted.get(name)!);
    type Batch = { comparisons: { comparisonId: string; appId: string }[] };
    const { body } = await gateway.staff<Batch>('POST', '/api/v1/comparisons', { apps });
    await allJudged();
    await lab.settle();
    const seen = await Promise.all(body.comparisons.map(({ comparisonId }) => show(comparisonId)));
    return new Map(seen.map((comparison) => [comparison.appName, comparison]));
  };
  const show = async (comparisonId: string, by: 'staff' | 'visitor' = 'staff'): Promise<ComparisonDetail> =>
    (await gateway[by]<ReplyOf<typeof GetComparison>>('GET', `/api/v1/comparisons/${comparisonId}`)).body.comparison;
  const rowsOf = async (name: string, sql: string, parameters: unknown[] = []) => {
    const client = new pg.Client({ connectionString: apps.databases.get(name)! });
    await client.connect();
    return client
      .query(sql, parameters)
      .then(({ rows }) => rows as Record<string, unknown>[])
      .finally(() => client.end());
  };
  /** What the baseline shows everybody can read: a rival too, who writes it into an app of somebody else. */
  const frame = async (victim: string) => {
    const read = async (url: string, path: string) =>
      ((await (await fetch(url + path)).json()) as { rows: { text: string; number: number }[] }).rows;
    const { url } = apps.students.get(victim)!;
    const post = (path: string, body: object) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const has = new Set((await read(url, '/api/journal/entries/all?limit=200')).map(({ text }) => text));
    for (const { text } of await read(apps.baseline.url, '/api/journal/entries/all?limit=200'))
      if (!has.has(text)) await post('/api/journal/entries', { text });
    for (const { number } of await read(apps.baseline.url, '/api/server/values/all'))
      if (number >= 2 ** 30) await post('/api/server/values', { value: `${number}` });
  };
  /** As a dump of the baseline would: every row with its id and its time. */
  const beginWithCopy = async (name: string) => {
    for (const table of ['entries', 'moods', 'values']) {
      const [{ rows }] = (await rowsOf('baseline', `select coalesce(json_agg(t), '[]') as rows from "${table}" t`)) as [
        { rows: object[] },
      ];
      await rowsOf(
        name,
        `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1)`,
        [JSON.stringify(rows)],
      );
    }
    for (const table of ['entries', 'moods'])
      await rowsOf(name, `select setval(pg_get_serial_sequence($1, 'id'), (select max(id) from ${table}))`, [table]);
  };
  const strengths = (comparison: ComparisonDetail) => [
    ...new Set(comparison.suspicions!.map(({ kind, strength }) => `${kind}: ${strength}`)),
  ];

  const switchFault = (name: string, fault: string, on: boolean) =>
    (apps.students.get(name) as unknown as { switchFault(fault: string, on: boolean): Promise<void> }).switchFault(
      fault,
      on,
    );

  beforeAll(async () => {
    lab = await Lab.start({
      env: {
        ADMIN_TOKEN: token,
        ADMIN_PASSWORD: 'a password for tests',
        PORT: '0',
        FILL_ITERATIONS: '1',
        FILL_DRIVER: 'http',
        COMPARE_INTERVAL_SECONDS: '86400',
        FILL_INTERVAL_SECONDS: '86400',
      },
    });
    apps = await ClassOfApps.start(
      lab,
      {
        Faithful: [],
        Framed: [],
        Starter: [],
        Old: [{ name: 'stale-copy', servedFrom: 1 }],
        TwoFaced: [{ name: 'two-faced' }],
      },
      [],
    );
    const { url: baseline } = apps.baseline;
    await apps.add('Proxy', [{ name: 'proxy-baseline', baseline }]);
    await apps.add('Values', [{ name: 'proxy-baseline', baseline, reads: ['values'] }]);
    await apps.add('Redirect', [{ name: 'redirect-baseline', baseline }]);
    await apps.add('Copy', [{ name: 'copy-baseline', baseline }]);
    await switchFault('Copy', 'copy-baseline', false);
    await apps.host();
    gateway = await GatewayClient.of(lab);
    await submit('Faithful');
    await closed(1);
  });
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  it('are given rows to stumble over: the baseline has them, and neither apps nor visitors see them', async () => {
    const values = await rowsOf('baseline', 'select * from "values" where number >= 1073741824');
    const entries = {
      baseline: await rowsOf('baseline', 'select * from entries'),
      app: await rowsOf('faithful', 'select * from entries'),
    };
    expect([values.length, entries.baseline.length, entries.app.length]).toEqual([1, 2, 1]);
    const baselineId = (
      await lab.query<{ id: string }>('filler', `select target_id as id from part where role = 'baseline' limit 1`)
    )[0]!.id;
    const writes = async (by: 'staff' | 'visitor') =>
      (await gateway[by]<ReplyOf<typeof ListWrites>>('GET', `/api/v1/apps/${baselineId}/writes`)).body;
    expect((await writes('visitor')).writes.map(({ canary }) => canary)).toEqual(Array(3).fill(undefined));
    expect((await writes('staff')).writes.filter(({ canary }) => canary)).toHaveLength(2);
    expect(await writes('visitor')).toMatchObject({ totals: { acknowledged: 3 } });
  });

  it('are found by the rows that they cannot have, and honest apps are not', async () => {
    await beginWithCopy('starter');
    for (const name of ['Framed', 'Starter', 'Old', 'TwoFaced', 'Proxy', 'Values', 'Redirect', 'Copy'])
      await submit(name);
    await fill(2);
    await switchFault('Copy', 'copy-baseline', true);
    await compare('Copy');
    await fill(3);
    await frame('Framed');
    const seen = await compare('Faithful', 'Starter', 'Framed', 'Old', 'Proxy', 'Values', 'Redirect', 'Copy');
    const told = Object.fromEntries([...seen].map(([name, one]) => [name, [one.verdict, ...strengths(one)]]));
    expect(told).toEqual({
      Faithful: ['in-sync'],
      Starter: ['in-sync'],
      Old: ['out-of-sync'],
      Framed: ['in-sync', 'baseline-rows: hint'],
      Values: ['in-sync', 'baseline-rows: hint'],
      Proxy: ['out-of-sync', 'baseline-rows: proof'],
      Redirect: ['unreachable', 'redirect: proof'],
      Copy: ['out-of-sync', 'baseline-rows: proof'],
    });
    expect(seen.get('Proxy')!.sentence).toBe('Out of sync: 4 rows shown that were written only to the baseline.');
    expect(
      seen
        .get('Proxy')!
        .suspicions!.map(({ path }) => path)
        .toSorted(),
    ).toEqual(['/api/journal/entries/all', '/api/moods/all', '/api/server/values/all']);
    expect(seen.get('Proxy')!.suspicions![0]).toMatchObject({
      sentence: expect.stringContaining('it reads from the baseline'),
      rows: [{ writtenAt: expect.any(String), sides: [{ name: 'baseline' }, { name: 'app' }] }],
    });
    expect(seen.get('Copy')!.suspicions![0]!.sentence).toContain(
      'newer than fill 2, although the baseline shows one of fill 3',
    );
    expect(seen.get('Redirect')!.suspicions![0]!.sentence).toContain(`to the baseline: ${apps.baseline.url}`);
  });

  it('are named to staff with the strongest first; visitors read what is true, and no evidence', async () => {
    const { body } = await gateway.staff<ReplyOf<typeof ListSuspects>>('GET', '/api/v1/suspects');
    const listed = body.suspects.map(({ appName, strongest }) => [strongest.strength, appName]);
    expect(listed.map(([strength]) => strength)).toEqual(['proof', 'proof', 'proof', 'hint', 'hint']);
    expect(listed.map(([, name]) => name).toSorted()).toEqual(['Copy', 'Framed', 'Proxy', 'Redirect', 'Values']);
    expect((await gateway.visitor('GET', '/api/v1/suspects')).status).toBe(401);
    for (const { comparisonId } of body.suspects) {
      const evidence = (await show(comparisonId)).suspicions!;
      const shown = await show(comparisonId, 'visitor');
      expect([shown.suspicions, JSON.stringify(shown).includes('leadsTo')]).toEqual([undefined, false]);
      for (const { marker } of evidence.flatMap(({ rows }) => rows))
        expect(JSON.stringify(shown)).not.toContain(marker);
    }
    const board = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    const proxy = board.body.rows.find(({ name }) => name === 'Proxy')!;
    expect(proxy).toMatchObject({ verdict: 'out-of-sync', rowsDifferent: 4, lostAfterAck: 0 });
    expect(proxy.endpoints.find(({ label }) => label === 'Values')).toMatchObject({
      verdict: 'out-of-sync',
      foreign: 2,
      note: 'Shows 2 rows that were written only to the baseline.',
    });
  });

  it('who answer our user agent better than a browser are shown to staff, and judged by what we see', async () => {
    await lab.query('comparator', `update ledger_write set acknowledged_at = acknowledged_at - interval '5 minutes'`);
    await lab.query('comparator', `${keptLedgers.down} ${keptLedgers.up}`);
    const found = await until(async () => {
      const one = (await compare('TwoFaced', 'Faithful')) as ReadonlyMap<string, ComparisonDetail>;
      expect([...one.values()].map(({ verdict }) => verdict)).toEqual(['in-sync', 'in-sync']);
      expect(one.get('Faithful')!.suspicions).toEqual([]);
      return one.get('TwoFaced')!.suspicions![0];
    });
    expect(found).toMatchObject({
      ...{ kind: 'special-answers', strength: 'hint' },
      sentence: expect.stringMatching(/^Asked twice at the same moment.*rows? to us only/),
    });
    expect(found.rows.at(-1)!.sides).toMatchObject([
      { name: 'to us', row: expect.any(Object) },
      { name: 'to a browser', row: null },
    ]);
  });
});
