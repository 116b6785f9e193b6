import { Injectable, Logger } from '@nestjs/common';
import { BoardCopy } from './board-copy.js';
import { FrozenBoard, type FrozenView } from './frozen-board.js';
import { TimersReader } from './timers-reader.js';
import type { BoardUpdate, BoardView } from '#libs/contracts/src/gateway.js';
import { GetBoardChanges, GetLog, type BoardChanges, type LogLine } from '#libs/contracts/src/leaderboard.js';
import { Requests } from '#libs/messaging/src/requests.js';
import { Wake } from '#libs/messaging/src/wake.js';

export type Watcher = (update: BoardUpdate) => void;

const logLinesMax = 200;

/**
 * One copy of the board per process, kept fresh by asking what changed after the revision it has. Whoever causes a look, all who
 * watch get what it found; who comes with a revision gets what he missed. While the scoreboard is frozen, all but staff get the board of
 * that time, once.
 */
@Injectable()
export class BoardFeed {
  private readonly logger = new Logger(BoardFeed.name);
  private readonly copy = new BoardCopy();
  /** Who watches, and whether as staff. */
  private readonly watchers = new Map<Watcher, boolean>();
  /** Rings when it is time to look. */
  readonly bell = new Wake();
  /** Undefined until the log was read once: 0 is an empty log. */
  private lastLine: number | undefined;
  private looking: Promise<void> | undefined;
  /** What visitors were last told to see instead of the live board. */
  private toldFrozen: FrozenView | null = null;

  constructor(
    private readonly requests: Requests,
    private readonly timers: TimersReader,
    private readonly frozen: FrozenBoard,
  ) {}

  /** A timer was set: tell it now. */
  lookSoon(): void {
    this.bell.ring();
  }

  /** The whole board as it is now; asks the owner first, and when that is down gives the copy with its age. */
  async view(isStaff: boolean): Promise<BoardView> {
    await this.look();
    return this.frozen.for(isStaff)?.view ?? this.copy.view();
  }

  /** Calls `watcher` with everything after `revision` (all, when it is undefined or unknown here), then with each change. */
  async watch(watcher: Watcher, revision: number | undefined, isStaff: boolean): Promise<() => void> {
    if (this.copy.isEmpty) await this.look();
    watcher(this.frozen.for(isStaff)?.update ?? this.catchUp(revision)); // and no wait until it is among the watchers: a look between the two would be missed
    this.watchers.set(watcher, isStaff);
    return () => void this.watchers.delete(watcher);
  }

  get watching(): number {
    return this.watchers.size;
  }

  private catchUp(revision: number | undefined): BoardUpdate {
    const known = revision !== undefined && revision <= this.copy.revision;
    return known ? this.copy.updateAfter(revision) : this.copy.everything();
  }

  /** Brings the copy up to date and tells everybody. One look at a time; it never throws: what fails is missing. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** A look that began after this call: what was just done is seen. */
  async lookAfresh(): Promise<void> {
    await this.looking;
    await this.look();
  }

  private async lookOnce(): Promise<void> {
    const { timers, missing } = await this.timers.read();
    try {
      const changes = await this.changes();
      await this.frozen.learn(changes.at(-1)!.frozen);
      this.tell(this.copy.apply(changes, { timers, missing, log: await this.newLines() }));
    } catch (error) {
      this.logger.debug(`the leaderboard gives no changes: ${String(error)}`);
      this.tell(this.copy.apply([], { timers, missing: [...missing, 'leaderboard'], log: [] }));
    }
  }

  private tell(update: BoardUpdate | undefined): void {
    const forVisitors = this.updateForVisitors(update);
    for (const [watcher, isStaff] of this.watchers) {
      const told = isStaff ? update : forVisitors;
      try {
        if (told) watcher(told);
      } catch (error) {
        this.logger.warn(`a watcher was not told: ${String(error)}`); // and the others are
      }
    }
  }

  /** The frozen board when it is frozen, nothing until the thaw, and then everything. */
  private updateForVisitors(update: BoardUpdate | undefined): BoardUpdate | undefined {
    const before = this.toldFrozen;
    this.toldFrozen = this.frozen.for(false);
    if (!this.toldFrozen) return before ? this.copy.everything() : update;
    return this.toldFrozen === before ? undefined : this.toldFrozen.update;
  }

  /** Revisions only grow; one that has fallen is of a board that was made anew. */
  private async changes(): Promise<BoardChanges[]> {
    const after = this.copy.revision;
    const pages = await this.pagesAfter(after);
    if (pages[0]!.revision >= after) return pages;
    this.logger.warn(`the board has gone back from revision ${after} to ${pages[0]!.revision}: it is read anew`);
    const anew = await this.pagesAfter(0);
    this.copy.forget();
    this.lastLine = undefined;
    return anew;
  }

  private async pagesAfter(after: number): Promise<BoardChanges[]> {
    const pages = [await this.ask(after)];
    while (pages.at(-1)!.more) pages.push(await this.ask(pages.at(-1)!.revision));
    return pages;
  }

  private ask(after: number): Promise<BoardChanges> {
    return this.requests.ask(GetBoardChanges, { after }, { deadlineMs: 2_000 });
  }

  /** Those that were there at the first look are no news. */
  private async newLines(): Promise<LogLine[]> {
    const { lastLine } = this;
    const asked = { after: lastLine ?? 0, limit: logLinesMax };
    const { lines } = await this.requests.ask(GetLog, asked, { deadlineMs: 2_000 });
    this.lastLine = lines.at(-1)?.line ?? lastLine ?? 0;
    return lastLine === undefined ? [] : lines;
  }
}
