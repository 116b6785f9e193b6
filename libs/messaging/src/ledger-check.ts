import { consumersOf, eventsFrom, services, type ServiceName } from '#libs/contracts/src/catalogue.js';

/** One road of the catalogue: what `producer` committed against what `consumer` applied. */
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

interface Range {
  readonly from: number;
  readonly count: number;
  readonly hash: string;
}

export interface RangeQuery {
  readonly log: ServiceName;
  readonly from: number;
  readonly size: number;
  readonly wanted: readonly string[];
}

/** Where the two halves of the ledger are read: by request from the services, or in their databases. */
export interface LedgerSource {
  committed(
    producer: ServiceName,
    wanted: readonly string[],
    size: number,
  ): Promise<{ head: number; pruned: number; unnumbered: number; ranges: Range[] }>;
  applied(
    consumer: ServiceName,
    log: ServiceName,
    size: number,
    after: number,
  ): Promise<{ cursor: number; ranges: Range[]; outOfOrder: number }>;
  events(service: ServiceName, query: RangeQuery): Promise<{ n: number; eventId: string; times: number }[]>;
}

const size = 1_000;

/** What every log of the catalogue committed against what every consumer applied; single events are read only where digests differ. */
export async function compareLedgers(source: LedgerSource, among: readonly ServiceName[] = services): Promise<Ledger> {
  const lines: LedgerLine[] = [];
  for (const producer of among) {
    const consumers = consumersOf(producer).filter((consumer) => among.includes(consumer));
    for (const consumer of consumers) lines.push(await compareLine(source, producer, consumer));
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

/** The consumer is read first: what it applied is then surely committed, and what is committed later is merely under way. */
async function compareLine(source: LedgerSource, producer: ServiceName, consumer: ServiceName): Promise<LedgerLine> {
  const wanted = eventsFrom(producer).flatMap((route) => (route.to.includes(consumer) ? [route.contract.name] : []));
  const { pruned } = await source.committed(producer, [], size);
  const applied = await source.applied(consumer, producer, size, pruned);
  const committed = await source.committed(producer, wanted, size);
  const differing = differingRanges(committed.ranges, applied.ranges);
  const counts = { lost: 0, duplicated: 0, phantom: 0, underWay: committed.unnumbered };
  for (const from of differing) {
    const query = { log: producer, from, size, wanted };
    const dealtWith = await source.events(consumer, query);
    tally(counts, { sent: await source.events(producer, query), dealtWith, cursor: applied.cursor, pruned });
  }
  const total = (ranges: readonly Range[]) => ranges.reduce((count, range) => count + range.count, 0);
  return {
    producer,
    consumer,
    committed: total(committed.ranges),
    applied: total(applied.ranges),
    outOfOrder: applied.outOfOrder,
    ...counts,
  };
}

function differingRanges(committed: readonly Range[], applied: readonly Range[]): number[] {
  const other = new Map(applied.map((range) => [range.from, range]));
  const known = new Set(committed.map((range) => range.from));
  return [
    ...committed
      .filter((range) => other.get(range.from)?.hash !== range.hash || other.get(range.from)?.count !== range.count)
      .map((range) => range.from),
    ...applied.filter((range) => !known.has(range.from)).map((range) => range.from),
  ];
}

interface Tallied {
  readonly sent: readonly { n: number; eventId: string }[];
  readonly dealtWith: readonly { n: number; eventId: string; times: number }[];
  readonly cursor: number;
  readonly pruned: number;
}

function tally(
  counts: { lost: number; duplicated: number; phantom: number; underWay: number },
  { sent, dealtWith, cursor, pruned }: Tallied,
): void {
  const applied = new Map(dealtWith.map((event) => [event.eventId, event]));
  for (const event of sent) {
    const seen = applied.get(event.eventId);
    applied.delete(event.eventId);
    if (seen) counts.duplicated += seen.times - 1;
    else if (event.n > cursor) counts.underWay += 1;
    else counts.lost += 1;
  }
  for (const event of applied.values()) if (event.n > pruned) counts.phantom += event.times;
}
