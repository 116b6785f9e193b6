import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Closing } from '#libs/platform/src/closing.js';
import { Database } from '#libs/platform/src/database.js';
import type { SpanRecord } from '#libs/platform/src/telemetry/span-record.js';

/** Spans that wait to be stored; more are dropped, since telemetry must not hold up the work. */
const waitingMax = 20_000;
const storeEveryMs = 250;
const sweepEveryMs = 60_000;

/** Takes in the finished spans of all services and keeps those of the last day, within a size. */
@Injectable()
export class SpanStore implements OnApplicationBootstrap {
  private readonly logger = new Logger(SpanStore.name);
  private waiting: SpanRecord[] = [];
  private dropped = 0;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly database: Database,
    private readonly bus: Bus,
    private readonly closing: Closing,
  ) {}

  onApplicationBootstrap(): void {
    this.bus.connection.subscribe(subject.spans, {
      queue: 'gateway',
      callback: (error, message) => {
        if (!error) this.take(message.json<SpanRecord[]>());
      },
    });
    const storing = setInterval(() => void this.store(), storeEveryMs);
    const sweeping = setInterval(() => void this.sweep(), sweepEveryMs);
    this.closing.add(async () => {
      clearInterval(storing);
      clearInterval(sweeping);
      await this.store();
    });
  }

  private take(records: SpanRecord[]): void {
    const room = waitingMax - this.waiting.length;
    this.dropped += Math.max(0, records.length - room);
    this.waiting.push(...records.slice(0, room));
  }

  async store(): Promise<void> {
    if (this.waiting.length === 0) return;
    const records = this.waiting;
    this.waiting = [];
    try {
      await this.database.query(insert, parametersOf(records));
    } catch (error) {
      this.dropped += records.length;
      this.logger.warn(`spans not stored: ${String(error)}`);
    }
    if (this.dropped > 0) this.logger.warn(`${this.dropped} spans dropped`);
    this.dropped = 0;
  }

  /** Beyond the age everything goes. Beyond the size the oldest go first, those of failures and verdicts last. */
  private async sweep(): Promise<void> {
    const { hours, megabytes } = this.config.spans;
    try {
      await this.database.query('delete from span where started_at < clock_timestamp() - make_interval(hours => $1)', [
        hours,
      ]);
      await this.database.query(
        `delete from span where (trace_id, span_id) in (
           select trace_id, span_id from span
           where pg_total_relation_size('span') > $1::bigint * 1024 * 1024
           order by failed or attributes ? 'lockstep.verdict', started_at limit 20000)`,
        [megabytes],
      );
    } catch (error) {
      this.logger.warn(`spans not swept: ${String(error)}`);
    }
  }
}

const insert = `
  insert into span (trace_id, span_id, parent_id, service, name, kind, started_at, duration_us, failed, message, attributes)
  select trace_id, span_id, parent_id, service, name, kind, to_timestamp(start_us / 1e6), duration_us, failed, message, attributes
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::bigint[], $9::bool[], $10::text[], $11::jsonb[])
    as record (trace_id, span_id, parent_id, service, name, kind, start_us, duration_us, failed, message, attributes)
  on conflict do nothing`;

const parametersOf = (records: readonly SpanRecord[]) => [
  records.map((record) => record.traceId),
  records.map((record) => record.spanId),
  records.map((record) => record.parentId),
  records.map((record) => record.service),
  records.map((record) => record.name),
  records.map((record) => record.kind),
  records.map((record) => record.startUs),
  records.map((record) => record.durationUs),
  records.map((record) => record.failed),
  records.map((record) => record.message),
  records.map((record) => JSON.stringify(record.attributes)),
];
