import pg from 'pg';
import { GatewayClient, type Answer } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import type { TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const traceId = 'ab'.repeat(16);
type Found = ProblemDocument & { traces: TraceSummary[] };

describe('traces, for strangers', () => {
  let lab: Lab;
  let gateway: GatewayClient;
  let holding: pg.Client;
  beforeAll(async () => {
    const ADMIN_TOKEN = 'a-token-for-tests-that-is-long-enough-0123456789';
    lab = await Lab.start({
      host: ['gateway'],
      env: { PORT: '0', ADMIN_TOKEN, ADMIN_PASSWORD: 'a password for tests' },
    });
    gateway = await GatewayClient.of(lab);
    holding = new pg.Client({ connectionString: lab.plan.gateway['DATABASE_URL'] });
    await holding.connect();
    const statement = {
      'db.system.name': 'postgresql',
      'db.namespace': 'lockstep_filler',
      'db.query.text': 'select zebra',
    };
    await lab.query(
      'gateway',
      `insert into span (trace_id, span_id, parent_id, service, name, kind, started_at, duration_us, failed, attributes)
       values ($1, 'root', null, 'filler', 'work fill-part', 'internal', now(), 9, false, '{}'),
              ($1, 'sql', 'root', 'filler', 'pg.query:SELECT lockstep_filler', 'client', now(), 5, false, $2)`,
      [traceId, { ...statement, 'server.port': 21304 }],
    );
  });
  afterAll(async () => {
    await holding?.end();
    await lab?.stop();
  });

  const search = (text: string) => gateway.visitor<Found>('GET', `/api/v1/traces?search=${text}`);

  it('do not tell how databases are asked and where they are; staff see it', async () => {
    const sqlOf = ({ body }: Answer<TraceView>) => body.spans.find((span) => span.spanId === 'sql');
    expect(sqlOf(await gateway.visitor('GET', `/api/v1/traces/${traceId}`))).toMatchObject({
      name: 'pg.query:SELECT',
      attributes: { 'db.system.name': 'postgresql' },
    });
    expect(sqlOf(await gateway.staff('GET', `/api/v1/traces/${traceId}`))).toMatchObject({
      name: 'pg.query:SELECT lockstep_filler',
      attributes: { 'db.query.text': 'select zebra', 'server.port': 21304 },
    });
  });

  it('are not found by what they do not tell', async () => {
    expect((await search('zebra')).body.traces).toEqual([]);
    expect((await search('fill-part')).body.traces).toHaveLength(1);
    const { body } = await gateway.staff<Found>('GET', '/api/v1/traces?search=zebra');
    expect(body.traces).toHaveLength(1);
  });

  it('take little of the database, however many search: who is too many is told so, and all else goes on', async () => {
    await holding.query('begin; lock table span in access exclusive mode');
    const answers: Answer<Found>[] = [];
    const searches = Array.from({ length: 12 }, () => search('anything').then((answer) => answers.push(answer)));
    await until(() => answers.length === 2);
    expect(answers.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(2).fill([429, 'There are too many searches at this moment.']),
    );
    expect((await gateway.staff('GET', '/api/v1/progress')).status).toBe(200);
    expect((await gateway.visitor('GET', '/readyz')).status).toBe(200);
    await holding.query('rollback');
    await Promise.all(searches);
    expect(answers.slice(2).map(({ status }) => status)).toEqual(Array(10).fill(200));
  });

  it('end a search that takes too long, and say what to search for', async () => {
    await holding.query('begin; lock table span in access exclusive mode');
    const { status, body, headers } = await search('anything');
    await holding.query('rollback');
    expect([status, body.detail, headers.get('retry-after')]).toEqual([
      429,
      'Nothing was found within 2 s, and there is more to look through.',
      '2',
    ]);
  });
});
