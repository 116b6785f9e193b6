import type { BoardFreeze, BoardUpdate, BoardView, Timers } from '#libs/contracts/src/gateway.js';
import type { BoardChanges, BoardFill, BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';

export interface Surroundings {
  readonly timers: Timers;
  /** Services that did not answer. */
  readonly missing: string[];
  readonly log: LogLine[];
}

/** Changes that a reader who comes back may have missed; older ones get the whole board. */
const rememberedMax = 5_000;

/** The live board as this process knows it, as staff see it during a freeze too; and which revision last touched each row. */
export class BoardCopy {
  private readonly rows = new Map<string, BoardRow>();
  private readonly touched = new Map<string, number>();
  private readonly leftAt = new Map<string, number>();
  private fill: BoardFill = { open: null, last: null };
  private timers: Timers = { fill: null, compare: null };
  private missing: string[] = ['leaderboard'];
  private asOf = new Date(0).toISOString();
  private since: string | null = null;
  private frozen: BoardFreeze | null = null;
  revision = 0;

  get isEmpty(): boolean {
    return this.revision === 0;
  }

  /** The owner has another board than the one that was read so far: nothing of it is true any more. */
  forget(): void {
    for (const known of [this.rows, this.touched, this.leftAt]) known.clear();
    this.revision = 0;
    this.isAnew = true;
  }
  private isAnew = false;

  /** Takes changes in; returns what a watcher who was up to date needs, or undefined when nothing visible changed. */
  apply(changes: readonly BoardChanges[], { timers, missing, log }: Surroundings): BoardUpdate | undefined {
    const before = this.surroundings();
    const rows: BoardRow[] = [];
    const left: string[] = [];
    for (const page of changes) {
      for (const row of page.rows) rows.push(this.put(row, page.revision));
      for (const appId of page.left) left.push(this.remove(appId, page.revision));
      this.revision = page.revision;
      this.fill = page.fill;
      this.since = page.since;
      this.frozen = page.frozen && { at: page.frozen.at, hides: false };
    }
    if (!missing.includes('leaderboard')) this.asOf = new Date().toISOString();
    Object.assign(this, { timers, missing });
    if (this.isAnew && changes.length > 0) {
      this.isAnew = false;
      return this.everything();
    }
    if (rows.length === 0 && left.length === 0 && log.length === 0 && this.surroundings() === before) return undefined;
    return { ...this.head(), reset: false, rows, left, log };
  }

  view(): BoardView {
    return { ...this.head(), rows: this.inOrder() };
  }

  everything(): BoardUpdate {
    return { ...this.head(), reset: true, rows: this.inOrder(), left: [], log: [] };
  }

  /** Rows that changed after a revision that a reader had. */
  updateAfter(revision: number): BoardUpdate {
    const rows = this.inOrder().filter((row) => this.touched.get(row.appId)! > revision);
    const left = [...this.leftAt].filter(([, at]) => at > revision).map(([appId]) => appId);
    return { ...this.head(), reset: false, rows, left, log: [] };
  }

  private put(row: BoardRow, revision: number): BoardRow {
    this.rows.set(row.appId, row);
    this.touched.set(row.appId, revision);
    this.leftAt.delete(row.appId);
    return row;
  }

  private remove(appId: string, revision: number): string {
    this.rows.delete(appId);
    this.touched.delete(appId);
    this.leftAt.set(appId, revision);
    if (this.leftAt.size > rememberedMax) this.leftAt.delete(this.leftAt.keys().next().value!);
    return appId;
  }

  /** Ranked first, then by time of joining. */
  private inOrder(): BoardRow[] {
    return [...this.rows.values()].toSorted(
      (a, b) =>
        (a.rank ?? Infinity) - (b.rank ?? Infinity) ||
        a.joinedAt.localeCompare(b.joinedAt) ||
        a.appId.localeCompare(b.appId),
    );
  }

  private head() {
    const { revision, asOf, frozen, since, fill, timers, missing } = this;
    return { revision, asOf, frozen, since, fill, timers, missing };
  }

  private surroundings(): string {
    return JSON.stringify([this.fill, this.timers, this.missing, this.frozen, this.since]);
  }
}
