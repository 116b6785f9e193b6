import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BoardCopy } from './board-copy.js';
import { TimersReader } from './timers-reader.js';
import type { BoardUpdate, BoardView } from '#libs/contracts/src/gateway.js';
import { GetBoardChanges, GetLog, type BoardChanges, type LogLine } from '#libs/contracts/src/leaderboard.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { Requests } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Wake } from '#libs/messaging/src/wake.js';
import { Closing } from '#libs/platform/src/closing.js';

export type Watcher = (update: BoardUpdate) => void;

/** At most four looks a second, however many nudges; without a nudge one look in this time. */
const betweenLooksMs = 250;
const idleLookMs = 3_000;
const logLinesMax = 200;

/**
 * One copy of the board per process, kept fresh by asking what changed after the revision it has. Whoever causes a look, all who
 * watch get what it found; who comes with a revision gets what he missed. A nudge only says when to ask, so losing one costs a moment.
 */
@Injectable()
export class BoardFeed implements OnApplicationBootstrap {
  private readonly logger = new Logger(BoardFeed.name);
  private readonly copy = new BoardCopy();
  private readonly watchers = new Set<Watcher>();
  private readonly bell = new Wake();
  /** Undefined until the log was read once: 0 is an empty log. */
  private lastLine: number | undefined;
  private stopped = false;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly timers: TimersReader,
    private readonly bus: Bus,
    private readonly closing: Closing,
  ) {}

  /** The end is left to Closing: that is also how a start ends which fails after this. */
  onApplicationBootstrap(): void {
    this.bus.listen(subject.boardChanged, () => this.bell.ring());
    const running = this.run();
    this.closing.add(async () => {
      this.stopped = true;
      this.bell.ring();
      await running;
    });
  }

  /** A timer was set: tell it now. */
  lookSoon(): void {
    this.bell.ring();
  }

  /** The whole board as it is now; asks the owner first, and when that is down gives the copy with its age. */
  async view(): Promise<BoardView> {
    await this.look();
    return this.copy.view();
  }

  /** Calls `watcher` with everything after `revision` (all, when it is undefined or unknown here), then with each change. */
  async watch(watcher: Watcher, revision: number | undefined): Promise<() => void> {
    if (this.copy.isEmpty) await this.look();
    watcher(this.catchUp(revision)); // and no wait until it is among the watchers: a look between the two would be missed
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  get watching(): number {
    return this.watchers.size;
  }

  private catchUp(revision: number | undefined): BoardUpdate {
    const known = revision !== undefined && revision <= this.copy.revision;
    return known ? this.copy.updateAfter(revision) : this.copy.everything();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await this.bell.wait(idleLookMs);
      if (!this.stopped) await new Promise((done) => setTimeout(done, betweenLooksMs));
    }
  }

  /** Brings the copy up to date and tells everybody. One look at a time; it never throws: what fails is missing. */
  private look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    const { timers, missing } = await this.timers.read();
    try {
      const changes = await this.changes();
      this.tell(this.copy.apply(changes, { timers, missing, log: await this.newLines() }));
    } catch (error) {
      this.logger.debug(`the leaderboard gives no changes: ${String(error)}`);
      this.tell(this.copy.apply([], { timers, missing: [...missing, 'leaderboard'], log: [] }));
    }
  }

  private tell(update: BoardUpdate | undefined): void {
    if (!update) return;
    for (const watcher of this.watchers) {
      try {
        watcher(update);
      } catch (error) {
        this.logger.warn(`a watcher was not told: ${String(error)}`); // and the others are
      }
    }
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
