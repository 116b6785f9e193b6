import type { TraceSpan, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import type { Database } from '#libs/platform/src/database.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';

export interface TraceQuery {
  readonly search?: string | undefined;
  readonly failed?: boolean | undefined;
  /** Also what only reads: board, progress, lists. Left out by default, or it would bury the rest. */
  readonly reads: boolean;
  readonly limit: number;
  /** Whether to search in what databases were asked, too: visitors are not shown it, so they must not find it. */
  readonly inside: boolean;
}

/**
 * The newest traces by their first span. `search` looks in span names, services and attribute values of a trace; a number alone
 * is the number of a fill, since as a text it would be found in every port and size.
 */
export async function listTraces(
  database: Pick<Database, 'query'>,
  { search, failed, reads, limit, inside }: TraceQuery,
): Promise<TraceSummary[]> {
  const fill = /^(?:fill +)?(\d{1,9})$/i.exec(search ?? '')?.[1];
  const rows = await database.query<TraceSummary & { startedAt: string }>(
    `with roots as (
       select trace_id, name, service, started_at from span root
       where parent_id is null and ($4 or name not like 'GET %')
         and ($1::text is null or exists (select from span where span.trace_id = root.trace_id
               and (span.name ilike '%' || $1 || '%' or span.service = $1 or span.attributes::text ilike '%' || $1 || '%')
               and ($6 or not span.attributes ? 'db.system.name')))
         and ($5::text is null or exists (select from span where span.trace_id = root.trace_id
               and span.attributes ->> '${attribute.fillNumber}' = $5))
         and ($2::bool is null or exists (select from span where span.trace_id = root.trace_id and span.failed = $2))
       order by started_at desc limit $3)
     select roots.trace_id as "traceId", roots.name, roots.service, roots.started_at as "startedAt",
            (extract(epoch from max(span.started_at + span.duration_us * interval '1 microsecond') - min(span.started_at)) * 1000)::float8 as "durationMs",
            count(*)::int as spans, count(*) filter (where span.failed)::int as failed, array_agg(distinct span.service order by span.service) as services
     from roots join span using (trace_id)
     group by roots.trace_id, roots.name, roots.service, roots.started_at order by roots.started_at desc`,
    [fill ? null : (search ?? null), failed ?? null, limit, reads, fill ?? null, inside],
  );
  return rows.map((row) => ({ ...row, startedAt: new Date(row.startedAt).toISOString() }));
}

const spansMax = 2_000;

/** A trace by its first spans. One comparison of a long trace is never cut off: its spans, and those it hangs from, come first. */
export async function readTrace(
  database: Database,
  traceId: string,
  comparisonId?: string,
): Promise<TraceView | undefined> {
  const rows = await database.query<Omit<TraceSpan, 'startMs'> & { startUs: number; total: number }>(spansOfTrace, [
    traceId,
    spansMax,
    comparisonId ?? null,
  ]);
  const first = rows[0];
  if (!first) return undefined;
  const begin = Math.min(...rows.map((span) => span.startUs));
  const end = Math.max(...rows.map((span) => span.startUs + span.durationMs * 1_000));
  return {
    traceId,
    startedAt: new Date(begin / 1_000).toISOString(),
    durationMs: (end - begin) / 1_000,
    spans: rows.map(({ startUs, total: _, ...span }) => ({ ...span, startMs: (startUs - begin) / 1_000 })),
    spansTotal: first.total,
  };
}

const spansOfTrace = `
  with recursive below as (
    select span_id from span where trace_id = $1 and attributes ->> '${attribute.comparisonId}' = $3
    union
    select span.span_id from span join below on span.parent_id = below.span_id where span.trace_id = $1
  ), above as (
    select parent_id as span_id from span where trace_id = $1 and span_id in (table below) and parent_id is not null
    union
    select span.parent_id from span join above using (span_id) where span.trace_id = $1 and span.parent_id is not null
  ), chosen as (
    select *, count(*) over ()::int as total from span where trace_id = $1
    order by (span_id in (table below) or span_id in (table above)) desc, started_at, duration_us desc limit $2)
  select span_id as "spanId", parent_id as "parentId", service, name, kind, (extract(epoch from started_at) * 1e6)::float8 as "startUs",
         duration_us / 1000.0::float8 as "durationMs", failed, message, attributes, total
  from chosen order by started_at, duration_us desc`;
