import type { ReadKind, WriteKind } from './asked.js';

/** A write that was answered as saved and was not, or was saved twice. */
export interface TalliedWrite {
  kind: WriteKind;
  body: Record<string, unknown>;
  /** What the sender was told. */
  answer: Record<string, unknown>;
}

const keptMax = 10_000;

/** What really happened, for tests to compare with what others find out. Of writes, the newest 10,000 are kept. */
export class Tally {
  requests = 0;
  readonly reads: Record<ReadKind, number> = { entries: 0, moods: 0, values: 0, stats: 0 };
  /** Posts that arrived, refused ones included. */
  readonly writes: Record<WriteKind, number> = { entry: 0, mood: 0, value: 0 };
  readonly dropped: TalliedWrite[] = [];
  readonly doubled: TalliedWrite[] = [];
  /** Acknowledged and not passed on yet. */
  readonly waiting: Record<WriteKind, number> = { entry: 0, mood: 0, value: 0 };
  /** Acknowledged at once, and refused or not answered when they were passed on later. */
  readonly lostLate: TalliedWrite[] = [];

  see({ write, read }: { write?: WriteKind; read?: ReadKind }): void {
    this.requests++;
    if (write) this.writes[write]++;
    if (read) this.reads[read]++;
  }

  keep(list: 'dropped' | 'doubled' | 'lostLate', write: TalliedWrite): void {
    this[list].push(write);
    if (this[list].length > keptMax) this[list].shift();
  }
}
