import type { TraceSpan, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { Database } from '#libs/platform/src/database.js';

export interface TraceQuery {
  readonly search?: string | undefined;
  readonly failed?: boolean | undefined;
  /** Also what only reads: board, progress, lists. Left out by default, or it would bury the rest. */
  readonly reads: boolean;
  readonly limit: number;
}

/** The newest traces by their first span. `search` looks in span names, services and attribute values of a trace. */
export async function listTraces(
  database: Database,
  { search, failed, reads, limit }: TraceQuery,
): Promise<TraceSummary[]> {
  const rows = await database.query<TraceSummary & { startedAt: string }>(
    `with roots as (
       select trace_id, name, service, started_at from span root
       where parent_id is null and ($4 or name not like 'GET %')
         and ($1::text is null or exists (select from span where span.trace_id = root.trace_id
               and (span.name ilike '%' || $1 || '%' or span.service = $1 or span.attributes::text ilike '%' || $1 || '%')))
         and ($2::bool is null or exists (select from span where span.trace_id = root.trace_id and span.failed = $2))
       order by started_at desc limit $3)
     select roots.trace_id as "traceId", roots.name, roots.service, roots.started_at as "startedAt",
            (extract(epoch from max(span.started_at + span.duration_us * interval '1 microsecond') - min(span.started_at)) * 1000)::float8 as "durationMs",
            count(*)::int as spans, count(*) filter (where span.failed)::int as failed, array_agg(distinct span.service order by span.service) as services
     from roots join span using (trace_id)
     group by roots.trace_id, roots.name, roots.service, roots.started_at order by roots.started_at desc`,
    [search ?? null, failed ?? null, limit, reads],
  );
  return rows.map((row) => ({ ...row, startedAt: new Date(row.startedAt).toISOString() }));
}

const spansMax = 2_000;

export async function readTrace(database: Database, traceId: string): Promise<TraceView | undefined> {
  const spans = await database.query<Omit<TraceSpan, 'startMs'> & { startUs: number }>(
    `select span_id as "spanId", parent_id as "parentId", service, name, kind, (extract(epoch from started_at) * 1e6)::float8 as "startUs",
            duration_us / 1000.0::float8 as "durationMs", failed, message, attributes
     from span where trace_id = $1 order by started_at, duration_us desc limit $2`,
    [traceId, spansMax],
  );
  const first = spans[0];
  if (!first) return undefined;
  const begin = Math.min(...spans.map((span) => span.startUs));
  const end = Math.max(...spans.map((span) => span.startUs + span.durationMs * 1_000));
  return {
    traceId,
    startedAt: new Date(begin / 1_000).toISOString(),
    durationMs: (end - begin) / 1_000,
    spans: spans.map(({ startUs, ...span }) => ({ ...span, startMs: (startUs - begin) / 1_000 })),
  };
}
