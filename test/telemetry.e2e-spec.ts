import type { RanksPreview } from '#libs/contracts/src/board-preview.js';
import { events, requests } from '#libs/contracts/src/catalogue.js';
import type { PreflightView } from '#libs/contracts/src/preflight.js';
import type { RulesView } from '#libs/contracts/src/rules.js';
import type { SubmittedApp, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// The map as a test: every edge of the catalogue must be there in real traces, with the right service on both ends.
interface Edge {
  from: string;
  fromSpan: string;
  to: string;
  toSpan: string;
}
const token = 'a-token-for-tests-that-is-long-enough-0123456789';

describe('traces', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;
  let app: SubmittedApp;

  beforeAll(async () => {
    const env = {
      ADMIN_TOKEN: token,
      ADMIN_PASSWORD: 'a password for tests',
      PORT: '0',
      FILL_DRIVER: 'http',
      FILL_INTERVAL_SECONDS: '86400',
      COMPARE_INTERVAL_SECONDS: '86400',
    };
    lab = await Lab.start({ env });
    apps = await ClassOfApps.start(lab, { Faithful: [], Gone: [{ name: 'down' }] });
    gateway = await GatewayClient.of(lab);
    app = (
      await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', {
        name: 'Faithful',
        url: apps.students.get('Faithful')!.url,
      })
    ).body;
    await lab.settle({ workWithinMs: 15_000 });
  });
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  const edges = () =>
    lab.query<Edge>(
      'gateway',
      `select distinct parent.service as from, parent.name as "fromSpan", span.service as to, span.name as "toSpan"
       from span join span parent on parent.trace_id = span.trace_id and parent.span_id = span.parent_id`,
    );

  /** What was known stays as it is for visitors, to the byte. */
  const freezeForAMoment = async (comparisonId: string) => {
    const one = `/api/v1/comparisons/${comparisonId}`;
    const before = await gateway.visitor('GET', one);
    expect((await gateway.staff('POST', '/api/v1/board/freeze', {})).status).toBe(200);
    expect((await gateway.visitor('GET', one)).body).toEqual(before.body);
    const listed = await gateway.visitor<{ comparisons: unknown[] }>('GET', '/api/v1/comparisons');
    expect(JSON.stringify(listed.body.comparisons)).toContain(comparisonId);
    const override = { verdict: 'out-of-sync', reason: 'To see it in a trace.' };
    expect((await gateway.staff('POST', `${one}/override`, override)).status).toBe(200);
    expect((await gateway.staff('GET', one)).body).toMatchObject({ comparison: { verdict: 'out-of-sync', override } });
    await lab.settle({});
    expect((await gateway.visitor('GET', one)).body).toEqual(before.body);
    expect((await gateway.staff('GET', '/api/v1/board/freeze')).status).toBe(200);
    expect((await gateway.staff('DELETE', '/api/v1/board/freeze')).status).toBe(200);
    const thawed = (await gateway.visitor<{ comparison: object }>('GET', one)).body.comparison;
    expect(thawed).toMatchObject({
      verdict: 'out-of-sync',
      override: { ...override, machine: { verdict: 'in-sync' } },
    });
    expect(thawed).not.toHaveProperty('overrides');
  };

  /** Others are not told that it exists, before it is published. */
  const holdBackForAMoment = async () => {
    const wanted = { apps: [app.appId], hold: true };
    type Started = { batchId: string; comparisons: { comparisonId: string }[] };
    const { batchId, comparisons } = (await gateway.staff<Started>('POST', '/api/v1/comparisons', wanted)).body;
    await lab.settle({ workWithinMs: 15_000 });
    const places = [`/api/v1/batches/${batchId}`, `/api/v1/comparisons/${comparisons[0]!.comparisonId}`];
    const statuses = () => Promise.all(places.map(async (path) => (await gateway.visitor('GET', path)).status));
    expect(await statuses()).toEqual([404, 404]);
    expect((await gateway.staff('GET', '/api/v1/held-back')).body).toMatchObject({ batches: [{ batchId, done: 1 }] });
    const preview = await gateway.staff<RanksPreview>('GET', `/api/v1/batches/${batchId}/preview`);
    expect(preview.body).toMatchObject({ moves: [], unchanged: 1, frozen: null });
    expect((await gateway.staff('POST', `/api/v1/batches/${batchId}/publish`)).status).toBe(200);
    expect(await statuses()).toEqual([200, 200]);
    const next = (await gateway.staff<Started>('POST', '/api/v1/comparisons', wanted)).body;
    expect((await gateway.staff('POST', `/api/v1/batches/${next.batchId}/discard`)).status).toBe(200);
  };

  /** First it is read; then one entry is written into it. */
  const preflight = async (url: string) => {
    const { preflightId } = (await gateway.visitor<PreflightView>('POST', '/api/v1/preflights', { url })).body;
    const path = `/api/v1/preflights/${preflightId}`;
    await lab.settle({ workWithinMs: 15_000 });
    expect((await gateway.visitor('POST', `${path}/write`)).status).toBe(202);
    await lab.settle({ workWithinMs: 15_000 });
    const { body } = await gateway.visitor<PreflightView>('GET', path);
    expect(body).toMatchObject({ state: 'over', sentence: '9 of 9 passed: it may take part.' });
  };

  it('show every edge of the catalogue, from its sender to its receiver', async () => {
    const { comparisons, batchId } = (
      await gateway.staff<{ batchId: string; comparisons: { comparisonId: string }[] }>('POST', '/api/v1/comparisons', {
        apps: 'all',
      })
    ).body;
    await lab.settle({ workWithinMs: 15_000 });
    for (const path of [
      '/api/students',
      '/api/v1/automation',
      `/api/v1/batches/${batchId}`,
      '/api/v1/comparisons',
      `/api/v1/comparisons/${comparisons[0]!.comparisonId}`,
      '/api/v1/fills/latest',
      `/api/v1/apps/${app.appId}/writes`,
      `/api/v1/apps/${app.appId}/ledger`,
      '/api/v1/board/log',
      `/api/v1/board?at=${new Date().toISOString()}`,
      '/api/v1/rules/1',
    ])
      expect([path, (await gateway.visitor('GET', path)).status]).toEqual([path, 200]);
    expect(
      (await gateway.staff('PATCH', '/api/v1/automation', { fill: { on: true }, compare: { on: true } })).status,
    ).toBe(200);
    expect((await gateway.staff('POST', '/api/v1/rules/preview', { rules: [] })).status).toBe(200);
    const { rules } = (await gateway.visitor<RulesView>('GET', '/api/v1/rules')).body;
    const next = { basedOn: 1, reason: 'To see it in a trace.', rules };
    expect((await gateway.staff('POST', '/api/v1/rules', next)).status).toBe(201);
    await freezeForAMoment(comparisons[0]!.comparisonId);
    await holdBackForAMoment();
    await preflight(apps.students.get('Faithful')!.url);
    await apps.baseline.close();
    await gateway.staff('POST', '/api/v1/comparisons', { apps: 'all' });
    await lab.settle({ workWithinMs: 15_000 });
    await gateway.staff('POST', '/api/v1/fills');
    const { windowId } = (
      await gateway.staff<{ windowId: string }>('POST', `/api/v1/apps/${app.appId}/windows`, { seconds: 15 })
    ).body;
    await gateway.visitor('GET', `/api/v1/apps/${app.appId}/windows`);
    await gateway.visitor('GET', `/api/v1/windows/${windowId}`);
    await gateway.staff('GET', '/api/v1/suspects');
    await gateway.staff('GET', '/api/v1/unknown');
    await gateway.visitor('GET', `/api/v1/windows/${windowId}/evidence`);
    // Who leaves is watched no more: the window closes at once.
    await gateway.staff('DELETE', `/api/v1/apps/${app.appId}`);
    await lab.settle({ workWithinMs: 15_000 });

    const wanted: Edge[] = [
      ...events.flatMap(({ contract: { name }, from, to }) =>
        to.map((consumer) => ({ from, fromSpan: `publish ${name}`, to: consumer, toSpan: `process ${name}` })),
      ),
      ...requests
        .filter(({ contract }) => contract.name !== 'GetBoardChanges')
        .map(({ contract: { name }, to }) => ({
          from: 'gateway',
          fromSpan: `ask ${name}`,
          to,
          toSpan: `answer ${name}`,
        })),
    ];
    let missing: Edge[] = wanted;
    await until(async () => {
      const seen = new Set(
        (await edges()).map((edge) => JSON.stringify([edge.from, edge.fromSpan, edge.to, edge.toSpan])),
      );
      missing = wanted.filter((edge) => !seen.has(JSON.stringify([edge.from, edge.fromSpan, edge.to, edge.toSpan])));
      return missing.length === 0;
    }, 5_000).catch(() => undefined);
    expect(missing).toEqual([]);
  });

  it('lead from a verdict on the board to gateway, comparator, both fetches and the verdict, in one picture', async () => {
    const { body } = await gateway.visitor<{ traces: TraceSummary[] }>('GET', '/api/v1/traces?search=CompareApps');
    const first = body.traces.at(-1)!;
    expect(first).toMatchObject({ name: 'POST /api/v1/comparisons', service: 'gateway' });
    const trace = (await gateway.visitor<TraceView>('GET', `/api/v1/traces/${first.traceId}`)).body;
    const names = trace.spans.map((span) => `${span.service}: ${span.name}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'gateway: ask CompareApps',
        'comparator: answer CompareApps',
        'comparator: work comparison',
        'leaderboard: process ParityComputed',
      ]),
    );
    const reads = trace.spans.filter((span) => span.service === 'comparator' && span.name === 'GET');
    expect(new Set(reads.map((span) => span.attributes['server.port']))).toEqual(
      new Set([apps.baseline.port, apps.students.get('Faithful')!.port]),
    );
    const shared = trace.spans.filter((span) => span.service === 'comparator' && span.name === 'share transaction');
    expect(shared.map((span) => span.attributes['lockstep.shared_by'])).toEqual([1, 1]);
    expect(trace.spans.find((span) => span.name === 'work comparison')!.attributes).toMatchObject({
      'lockstep.verdict': 'in-sync',
    });
  });

  it('hold no payload, no address with a query and no secret', async () => {
    const rows = await lab.query<{ text: string }>('gateway', `select attributes::text as text from span`);
    expect(rows.length).toBeGreaterThan(100);
    const suspicious = rows.filter(
      ({ text }) => /Grateful for|~[0-9a-z]{10}|password|\?limit=/.test(text) || text.includes(token),
    );
    expect(suspicious).toEqual([]);
  });

  it('do not continue a stranger’s trace context', async () => {
    const forged = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await gateway.visitor<BoardView>('GET', '/api/v1/board', undefined, { traceparent: forged });
    expect(answer.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get('x-trace-id')).not.toContain('0af7651916cd43dd8448eb211c80319c');
  });
});
