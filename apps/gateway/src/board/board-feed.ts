import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BoardCopy } from './board-copy.js';
import { TimersReader } from './timers-reader.js';
import type { BoardUpdate, BoardView } from '#libs/contracts/src/gateway.js';
import { GetBoardChanges, GetLog, type BoardChanges, type LogLine } from '#libs/contracts/src/leaderboard.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { Requests } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Wake } from '#libs/messaging/src/wake.js';

export type Watcher = (update: BoardUpdate) => void;

/** At most four looks a second, however many nudges; without a nudge one look in this time. */
const betweenLooksMs = 250;
const idleLookMs = 3_000;

/**
 * One copy of the board per process, kept fresh by asking what changed after the revision it has. Everybody who watches gets
 * the changes; who comes with a revision gets what he missed. A nudge only says when to ask, so losing one costs a moment.
 */
@Injectable()
export class BoardFeed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly copy = new BoardCopy();
  private readonly watchers = new Set<Watcher>();
  private readonly bell = new Wake();
  private lastLine = 0;
  private stopped = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly timers: TimersReader,
    private readonly bus: Bus,
  ) {}

  onApplicationBootstrap(): void {
    this.bus.connection.subscribe(subject.boardChanged, { callback: () => this.bell.ring() });
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.bell.ring();
    await this.running;
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
    watcher(await this.catchUp(revision));
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  get watching(): number {
    return this.watchers.size;
  }

  private async catchUp(revision: number | undefined): Promise<BoardUpdate> {
    const known = revision !== undefined && revision <= this.copy.revision;
    return known ? this.copy.updateAfter(revision) : this.copy.everything();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const update = await this.look();
      if (update) for (const watcher of this.watchers) watcher(update);
      await this.bell.wait(idleLookMs);
      if (!this.stopped) await new Promise((done) => setTimeout(done, betweenLooksMs));
    }
  }

  /** What changed since the last look; undefined when nothing did. One look at a time. */
  private look(): Promise<BoardUpdate | undefined> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }
  private looking: Promise<BoardUpdate | undefined> | undefined;

  private async lookOnce(): Promise<BoardUpdate | undefined> {
    const { timers, missing } = await this.timers.read();
    try {
      const changes: BoardChanges[] = [];
      do changes.push(await this.ask(changes.at(-1)?.revision ?? this.copy.revision));
      while (changes.at(-1)!.more);
      return this.copy.apply(changes, { timers, missing, log: await this.newLines() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return this.copy.apply([], { timers, missing: [...missing, 'leaderboard'], log: [] });
    }
  }

  private ask(after: number): Promise<BoardChanges> {
    return this.requests.ask(GetBoardChanges, { after }, { deadlineMs: 2_000 });
  }

  private async newLines(): Promise<LogLine[]> {
    const { lines } = await this.requests.ask(GetLog, { after: this.lastLine, limit: 200 }, { deadlineMs: 2_000 });
    const first = this.lastLine === 0;
    this.lastLine = lines.at(-1)?.line ?? this.lastLine;
    return first ? [] : lines;
  }
}
