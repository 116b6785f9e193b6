import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../gateway.config.js';
import { SpanRepository } from '../persistence/span.repository.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Closing } from '#libs/platform/src/closing.js';
import type { SpanRecord } from '#libs/platform/src/telemetry/span-record.js';

/** Spans that wait to be stored; more are dropped, since telemetry must not hold up the work. */
const waitingMax = 20_000;
const storeEveryMs = 250;
/** Often, since seconds are enough to store a lot; to look at the volume costs nothing. */
const sweepEveryMs = 5_000;

/** Takes in the finished spans of all services and keeps those of the last day, within a size. */
@Injectable()
export class SpanStore implements OnApplicationBootstrap {
  private readonly logger = new Logger(SpanStore.name);
  private waiting: SpanRecord[] = [];
  private dropped = 0;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    private readonly spans: SpanRepository,
    private readonly bus: Bus,
    private readonly closing: Closing,
  ) {}

  onApplicationBootstrap(): void {
    this.bus.listen(subject.spans, (message) => this.take(message.json<SpanRecord[]>()), 'gateway');
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
      await this.spans.add(records);
    } catch (error) {
      this.dropped += records.length;
      this.logger.warn(`spans not stored: ${String(error)}`);
    }
    if (this.dropped > 0) this.logger.warn(`${this.dropped} spans dropped`);
    this.dropped = 0;
  }

  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.spans.sweep(this.config.spans);
    } catch (error) {
      this.logger.warn(`spans not swept: ${String(error)}`);
    } finally {
      this.sweeping = false;
    }
  }
  private sweeping = false;
}
