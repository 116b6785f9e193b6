import { randomUUID } from 'node:crypto';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import type { TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';

const traceId = 'ab'.repeat(16);
const comparisonIds = Array.from({ length: 40 }, () => randomUUID());
const spansOfOne = 60;

/** A batch as the comparator leaves one: root, answer, and below it forty comparisons one after the other, each with its spans. */
function spansOfBatch(): (readonly [string, string | null, string, number, object])[] {
  const comparisons = comparisonIds.flatMap((comparisonId, index) => [
    [`c${index}`, 'answer', 'work comparison', 10 + index * 100, { 'lockstep.comparison.id': comparisonId }] as const,
    ...Array.from(
      { length: spansOfOne },
      (_, n) =>
        [`c${index}-${n}`, n < 3 ? `c${index}` : `c${index}-${n % 3}`, `step ${n}`, 11 + index * 100 + n, {}] as const,
    ),
  ]);
  return [
    ['root', null, 'POST /api/v1/comparisons', 0, { 'http.response.body.size': 41 }],
    ['answer', 'root', 'answer CompareApps', 1, {}],
    ...comparisons,
    ['fill', 'root', 'work fill-part', 9_000, { 'lockstep.fill.number': 41, 'server.port': 8041 }],
  ];
}

describe('traces that are kept', () => {
  let lab: Lab;
  let gateway: GatewayClient;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['gateway'], env: { PORT: '0' } });
    gateway = await GatewayClient.of(lab);
    const spans = spansOfBatch();
    const column = (at: number) => spans.map((span) => span[at]);
    await lab.query(
      'gateway',
      `insert into span (trace_id, span_id, parent_id, service, name, kind, started_at, duration_us, failed, message, attributes)
       select $1, id, parent, 'comparator', name, 'internal', now() - interval '1 minute' + ms * interval '1 ms', 500, false, null, attributes
       from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[]) as one (id, parent, name, ms, attributes)`,
      [traceId, column(0), column(1), column(2), column(3), spans.map((span) => JSON.stringify(span[4]))],
    );
    await lab.query(
      'gateway',
      `insert into span values ('${'cd'.repeat(16)}', 'other', null, 'filler', 'work fill-part', 'internal', now(), 5, false, null,
         '{"server.port": 5041, "http.response.body.size": 41, "lockstep.fill.number": 7}')`,
    );
  });
  afterAll(() => lab?.stop());

  const shown = async (query = '') =>
    (await gateway.visitor<TraceView>('GET', `/api/v1/traces/${traceId}${query}`)).body;
  const found = async (search: string) => {
    const { body } = await gateway.visitor<{ traces: TraceSummary[] }>('GET', `/api/v1/traces?search=${search}`);
    return body.traces.map((trace) => trace.traceId.slice(0, 2));
  };

  it('say how many spans there are when only the first are shown', async () => {
    const trace = await shown();
    expect([trace.spans.length, trace.spansTotal]).toEqual([2_000, 3 + 40 * (spansOfOne + 1)]);
    expect(trace.spans.map(({ spanId }) => spanId)).not.toContain('c39');
  });

  it('show one comparison whole, with what it hangs from, wherever it stands', async () => {
    const trace = await shown(`?comparison=${comparisonIds[39]}`);
    const ids = new Set(trace.spans.map(({ spanId }) => spanId));
    expect([...ids].filter((id) => /^c39(-|$)/.test(id))).toHaveLength(spansOfOne + 1);
    expect([ids.has('root'), ids.has('answer'), ids.has('c0')]).toEqual([true, true, true]);
    expect([ids.size, trace.spansTotal]).toEqual([2_000, 2_443]);
    const starts = trace.spans.map(({ startMs }) => startMs);
    expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
    expect(trace.durationMs).toBeCloseTo(11 + 39 * 100 + spansOfOne - 1 + 0.5, 0);
  });

  it('show as much without a comparison that is not in them', async () => {
    expect((await shown(`?comparison=${randomUUID()}`)).spans).toHaveLength(2_000);
    const refused = await gateway.visitor<ProblemDocument>('GET', `/api/v1/traces/${traceId}?comparison=x`);
    expect([refused.status, refused.body.type]).toEqual([400, 'urn:lockstep:problem:validation']);
  });

  it('are found by the number of a fill, not by a port or a size that has its digits', async () => {
    expect(await found('41')).toEqual(['ab']);
    expect(await found('fill%2041')).toEqual(['ab']);
    expect(await found('7')).toEqual(['cd']);
    expect(await found('404')).toEqual([]);
    expect(await found('fill-part')).toEqual(['cd', 'ab']);
    expect(await found(comparisonIds[5]!)).toEqual(['ab']);
  });
});
