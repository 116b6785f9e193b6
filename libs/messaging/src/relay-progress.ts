import type { Bus } from './bus.js';
import { readersOf, subject } from './subjects.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { passing } from '#libs/platform/src/failpoint.js';
import type { Lock } from '#libs/replication/src/lock-keeper.js';
import { markPublished, prune, type Runs } from '#libs/replication/src/numbered-log.js';

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
  readonly times: RelayTimes;
}

/** Retention: rows of the log until all readers have them and this long; what proves the ledger, longer; discarded events, longest. */
const keepHours = { log: 24, applied: 48, answers: 48, discarded: 30 * 24 };

/** How far one leader is: numbered ≥ sent ≥ acknowledged; told to the log (mark) and to the readers (high water). */
export class RelayProgress {
  numbered: number;
  sent: number;
  acknowledged: number;
  private readonly ahead = new Set<number>();
  private marked: number;
  private announcedAt = 0;
  private sweepAt: number;

  constructor(
    from: { n: number; published: number },
    private readonly parts: RelayProgressParts,
  ) {
    this.numbered = from.n;
    this.sent = this.acknowledged = this.marked = from.published;
    this.sweepAt = performance.now() + parts.times.sweepMs;
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
    if (idle && now >= this.sweepAt) {
      const more = await sweep(lock.connection, service);
      this.sweepAt = more ? now : now + times.sweepMs;
    }
  }
}

const sweptMax = 5_000;

/** Retention, in the idle moments of the leader, a few thousand rows at a time; true when there may be more to delete. */
async function sweep(connection: Runs, service: ServiceName): Promise<boolean> {
  const older = async (sql: string, hours: number) => {
    const rows = await connection.query(`${sql} < clock_timestamp() - make_interval(hours => $1) returning 1`, [hours]);
    return rows.length;
  };
  const swept = [
    await prune(connection, readersOf(service), keepHours.log, sweptMax),
    await older(
      `delete from applied where position in (select position from applied order by position limit ${sweptMax}) and at`,
      keepHours.applied,
    ),
    await older('delete from answered where at', keepHours.answers),
    await older(`delete from held where state = 'discarded' and held_at`, keepHours.discarded),
  ];
  return swept.includes(sweptMax);
}
