import type { Bus } from './bus.js';
import { Retention } from './retention.js';
import { subject } from './subjects.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Logger } from '#libs/platform/src/logger.js';
import type { Lock } from '#libs/replication/src/lock-keeper.js';
import { markPublished, type LogHead } from '#libs/replication/src/numbered-log.js';

export interface RelayTimes {
  /** Without a wake-up the log is looked at this often: an instance that commits elsewhere may not have reached us. */
  readonly idleMs: number;
  readonly announceMs: number;
  readonly sweepMs: number;
}

export interface RelayProgressParts {
  readonly lock: Lock;
  readonly bus: Bus;
  readonly service: ServiceName;
  readonly logger: Logger;
  readonly times: RelayTimes;
}

/** How far one leader is: numbered ≥ sent ≥ acknowledged; told to the log (mark) and to the readers (high water). */
export class RelayProgress {
  readonly logId: string;
  numbered: number;
  sent: number;
  acknowledged: number;
  private readonly ahead = new Set<number>();
  private marked: number;
  private announcedAt = 0;
  private readonly retention: Retention;

  constructor(
    from: Pick<LogHead, 'logId' | 'n' | 'published' | 'pruned'>,
    private readonly parts: RelayProgressParts,
  ) {
    this.logId = from.logId;
    this.numbered = from.n;
    this.sent = this.acknowledged = this.marked = Math.max(from.published, from.pruned);
    const { lock, service, logger, times } = parts;
    this.retention = new Retention({ connection: lock.connection, service, logger, everyMs: times.sweepMs });
  }

  acknowledge(n: number): void {
    this.ahead.add(n);
    while (this.ahead.delete(this.acknowledged + 1)) this.acknowledged += 1;
  }

  rewind(): void {
    this.ahead.clear();
    this.sent = this.acknowledged;
  }

  async tell(idle: boolean): Promise<void> {
    const { lock, bus, service, times } = this.parts;
    const now = performance.now();
    if (now - this.announcedAt >= times.announceMs) {
      this.announcedAt = now;
      if (bus.connected) bus.connection.publish(subject.highWater(service), String(this.numbered));
    }
    if (this.acknowledged > this.marked && (idle || this.acknowledged - this.marked >= 5_000)) {
      this.marked = this.acknowledged;
      await markPublished(lock.connection, this.marked);
      await passing('relay:marked');
    }
    await this.retention.sweepIfDue(idle);
  }
}
