import type { Range, Span } from './ledger.js';
import { consumersOf, eventsFrom, services, type ServiceName } from '#libs/contracts/src/catalogue.js';

/** One road of the catalogue: what `producer` committed against what `consumer` applied, as far back as both are kept. */
export interface LedgerLine {
  readonly producer: ServiceName;
  readonly consumer: ServiceName;
  readonly committed: number;
  readonly applied: number;
  /** Committed, and neither applied nor held back. */
  readonly lost: number;
  /** Applied more than once. */
  readonly duplicated: number;
  /** Applied without having been committed. */
  readonly phantom: number;
  /** Applied after a later one of its key. */
  readonly outOfOrder: number;
  /** Committed and not read yet: not lost, under way. */
  readonly underWay: number;
}

export interface Ledger {
  readonly lost: number;
  readonly duplicated: number;
  readonly phantom: number;
  readonly outOfOrder: number;
  readonly lines: readonly LedgerLine[];
}

export interface CommittedHalf {
  readonly head: number;
  readonly pruned: number;
  readonly unnumbered: number;
  readonly ranges: readonly Range[];
}
export interface AppliedHalf {
  readonly cursor: number;
  readonly swept: number;
  readonly ranges: readonly Range[];
  readonly outOfOrder: number;
}
export interface EventTimes {
  readonly n: number;
  readonly eventId: string;
  readonly times: number;
}

/** Where the two halves of the ledger are read: by request from the services, or in their databases. */
export interface LedgerSource {
  committed(producer: ServiceName, wanted: readonly string[], span: Span): Promise<CommittedHalf>;
  applied(consumer: ServiceName, log: ServiceName, span: Span): Promise<AppliedHalf>;
  /** Of `log`: what `service` committed, when it is its own, else what it dealt with. */
  events(service: ServiceName, log: ServiceName, wanted: readonly string[], span: Span): Promise<EventTimes[]>;
}

/** Single events are asked for in ranges of this many numbers; digests in at most a thousand ranges at once. */
const eventsMax = 1_000;
const rangesMax = 1_000;
const anyNumber = Number.MAX_SAFE_INTEGER;

/** What every log of the catalogue committed against what every consumer applied; single events are read only where digests differ. */
export async function compareLedgers(source: LedgerSource, among: readonly ServiceName[] = services): Promise<Ledger> {
  const lines: LedgerLine[] = [];
  for (const producer of among) {
    const consumers = consumersOf(producer).filter((consumer) => among.includes(consumer));
    for (const consumer of consumers) lines.push(await new Road(source, producer, consumer).compare());
  }
  const sum = (pick: (line: LedgerLine) => number) => lines.reduce((total, line) => total + pick(line), 0);
  return {
    lost: sum((line) => line.lost),
    duplicated: sum((line) => line.duplicated),
    phantom: sum((line) => line.phantom),
    outOfOrder: sum((line) => line.outOfOrder),
    lines,
  };
}

class Road {
  private readonly wanted: readonly string[];

  constructor(
    private readonly source: LedgerSource,
    private readonly producer: ServiceName,
    private readonly consumer: ServiceName,
  ) {
    this.wanted = eventsFrom(producer).flatMap((route) => (route.to.includes(consumer) ? [route.contract.name] : []));
  }

  /** Looked at again when rows were deleted meanwhile: they would seem to be phantoms. */
  async compare(): Promise<LedgerLine> {
    for (;;) {
      const after = await this.beginning();
      const line = await this.compareAfter(after);
      if ((await this.beginning()) === after) return line;
    }
  }

  /** Below it one of the two halves is no longer kept. */
  private async beginning(): Promise<number> {
    const nothing = { after: anyNumber, upto: anyNumber, size: anyNumber };
    const { pruned } = await this.source.committed(this.producer, [], nothing);
    const { swept } = await this.source.applied(this.consumer, this.producer, nothing);
    return Math.max(pruned, swept);
  }

  /** The consumer is read first: what it applied is then surely committed, and what is committed later is merely under way. */
  private async compareAfter(after: number): Promise<LedgerLine> {
    const { head } = await this.source.committed(this.producer, [], { after: anyNumber, upto: anyNumber, size: 1 });
    const span = { after, upto: anyNumber, size: sizeOf(head - after, rangesMax) };
    const applied = await this.source.applied(this.consumer, this.producer, span);
    const committed = await this.source.committed(this.producer, this.wanted, span);
    const counts = { lost: 0, duplicated: 0, phantom: 0, underWay: committed.unnumbered };
    await this.lookInto(differing(committed.ranges, applied.ranges), span, applied.cursor, counts);
    return {
      producer: this.producer,
      consumer: this.consumer,
      committed: total(committed.ranges),
      applied: total(applied.ranges),
      outOfOrder: applied.outOfOrder,
      ...counts,
    };
  }

  /** Ranges that differ are divided until their events can be looked at one by one. */
  private async lookInto(
    ranges: readonly number[],
    { after, size }: Span,
    cursor: number,
    counts: Counts,
  ): Promise<void> {
    for (const from of ranges) {
      const span = { after: Math.max(after, from - 1), upto: from + size - 1, size: sizeOf(size, rangesMax) };
      if (size <= eventsMax) tally(counts, cursor, await this.eventsOf(span));
      else {
        const applied = await this.source.applied(this.consumer, this.producer, span);
        const committed = await this.source.committed(this.producer, this.wanted, span);
        await this.lookInto(differing(committed.ranges, applied.ranges), span, cursor, counts);
      }
    }
  }

  private async eventsOf(span: Span): Promise<{ sent: EventTimes[]; dealtWith: EventTimes[] }> {
    const dealtWith = await this.source.events(this.consumer, this.producer, this.wanted, span);
    return { sent: await this.source.events(this.producer, this.producer, this.wanted, span), dealtWith };
  }
}

/** So that `numbers` fall into at most `ranges`, of a thousand at least. */
const sizeOf = (numbers: number, ranges: number): number =>
  Math.max(1, Math.ceil(numbers / ranges / eventsMax)) * eventsMax;

const total = (ranges: readonly Range[]): number => ranges.reduce((count, range) => count + range.count, 0);

function differing(committed: readonly Range[], applied: readonly Range[]): number[] {
  const other = new Map(applied.map((range) => [range.from, range]));
  const isEqual = (range: Range) =>
    other.get(range.from)?.hash === range.hash && other.get(range.from)?.count === range.count;
  const known = new Set(committed.map((range) => range.from));
  const only = applied.filter((range) => !known.has(range.from));
  return [...committed.filter((range) => !isEqual(range)), ...only].map((range) => range.from);
}

interface Counts {
  lost: number;
  duplicated: number;
  phantom: number;
  underWay: number;
}

function tally(
  counts: Counts,
  cursor: number,
  { sent, dealtWith }: { sent: readonly EventTimes[]; dealtWith: readonly EventTimes[] },
): void {
  const applied = new Map(dealtWith.map((event) => [event.eventId, event]));
  for (const event of sent) {
    const seen = applied.get(event.eventId);
    applied.delete(event.eventId);
    if (seen) counts.duplicated += seen.times - 1;
    else if (event.n > cursor) counts.underWay += 1;
    else counts.lost += 1;
  }
  for (const event of applied.values()) counts.phantom += event.times;
}
