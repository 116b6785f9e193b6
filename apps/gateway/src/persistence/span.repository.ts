import { Injectable } from '@nestjs/common';
import { Database } from '#libs/platform/src/database.js';
import type { SpanRecord } from '#libs/platform/src/telemetry/span-record.js';

/** One statement deletes so many rows: it must be done long before it is taken for a defect. */
const batchMax = 5_000;
/** What a row takes beside its texts: its header, numbers, and its entries in the indexes. */
const rowOverheadBytes = 300;

export interface SpanLimits {
  readonly hours: number;
  readonly megabytes: number;
}

/** The spans that are kept. Their bytes are counted by hour, in the statements that add and delete them. */
@Injectable()
export class SpanRepository {
  constructor(private readonly database: Database) {}

  async add(records: readonly SpanRecord[]): Promise<void> {
    await this.database.query(insert, parametersOf(records));
  }

  /** Beyond the age everything goes. Beyond the size the oldest go, those of failures and verdicts last; and no more than the excess. */
  async sweep({ hours, megabytes }: SpanLimits): Promise<void> {
    while ((await this.remove(tooOld, [hours])) === batchMax);
    for (const which of ['not lasting', 'lasting'])
      for (let excess = await this.excess(megabytes); excess > 0; excess = await this.excess(megabytes))
        if ((await this.remove(oldest(which), [excess])) === 0) break;
    await this.database.query(
      'delete from span_volume where hour < clock_timestamp() - make_interval(hours => $1) and bytes <= 0',
      [hours + 1],
    );
  }

  private async remove(ids: string, parameters: readonly unknown[]): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `with gone as (delete from span where ctid = any(array(${ids})) returning started_at, bytes),
            counted as (${volumeOf('gone', '-')})
       select count(*)::int as count from gone`,
      parameters,
    );
    return row!.count;
  }

  private async excess(megabytes: number): Promise<number> {
    const [row] = await this.database.query<{ bytes: number }>(
      'select coalesce(sum(bytes), 0)::float8 as bytes from span_volume',
    );
    return row!.bytes - megabytes * 1024 * 1024;
  }
}

const tooOld = `select ctid from span where started_at < clock_timestamp() - make_interval(hours => $1) limit ${batchMax}`;

/** The oldest rows that make up the excess: at most a batch of them, one at least. */
const oldest = (which: string): string => `
  select id from (
    select id, sum(bytes) over (rows unbounded preceding) - bytes as before from (
      select ctid as id, bytes from span where ${which} order by started_at limit ${batchMax}) as first
  ) as summed where before < $1`;

/** The hours are taken in their order, so that two statements at once wait for each other instead of forever. */
const volumeOf = (rows: string, sign: '+' | '-'): string => `
  insert into span_volume as volume (hour, bytes)
  select date_trunc('hour', started_at), 0 ${sign} sum(bytes) from ${rows} group by 1 order by 1
  on conflict (hour) do update set bytes = volume.bytes + excluded.bytes`;

const insert = `
  with kept as (
    insert into span (trace_id, span_id, parent_id, service, name, kind, started_at, duration_us, failed, message, attributes, bytes)
    select trace_id, span_id, parent_id, service, name, kind, to_timestamp(start_us / 1e6), duration_us, failed, message, attributes, bytes
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::bigint[], $9::bool[], $10::text[], $11::jsonb[], $12::int[])
      as record (trace_id, span_id, parent_id, service, name, kind, start_us, duration_us, failed, message, attributes, bytes)
    on conflict do nothing returning started_at, bytes)
  ${volumeOf('kept', '+')}`;

function parametersOf(records: readonly SpanRecord[]): unknown[] {
  const attributes = records.map((record) => JSON.stringify(record.attributes, (_, value: unknown) => storable(value)));
  const bytes = records.map(
    (record, index) =>
      Buffer.byteLength(attributes[index]!) +
      Buffer.byteLength(record.name + (record.message ?? '')) +
      3 * (record.traceId.length + record.spanId.length) +
      rowOverheadBytes,
  );
  return [
    records.map((record) => record.traceId),
    records.map((record) => record.spanId),
    records.map((record) => record.parentId),
    records.map((record) => record.service),
    records.map((record) => storable(record.name)),
    records.map((record) => record.kind),
    records.map((record) => record.startUs),
    records.map((record) => record.durationUs),
    records.map((record) => record.failed),
    records.map((record) => storable(record.message)),
    attributes,
    bytes,
  ];
}

/** A text with the character of code 0 would cost all spans that are stored with it. */
const storable = <T>(value: T): T => (typeof value === 'string' ? (value.replaceAll('\0', '') as T) : value);
