import { Logger } from '@nestjs/common';
import { BoardFeed } from './board-feed.js';
import { BoardPulse } from './board-pulse.js';
import { FrozenBoard } from './frozen-board.js';
import { PastBoard } from './past-board.js';
import { TimersReader } from './timers-reader.js';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import type { FreezeRepository } from '../persistence/freeze.repository.js';
import type { BoardChanges, BoardRow, Freeze, LogLine } from '#libs/contracts/src/leaderboard.js';
import type { Bus } from '#libs/messaging/src/bus.js';
import type { Requests } from '#libs/messaging/src/requests.js';
import { Closing } from '#libs/platform/src/closing.js';

const time = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const row = (appId: string): BoardRow => ({
  ...{ appId, name: appId, team: null, url: 'http://x.example', rank: null, verdict: 'pending', sentence: '' },
  ...{ endpoints: [], rowsDifferent: 0, acknowledged: 0, lostAfterAck: 0, refused: 0, recent: [] },
  ...{ downtime: null, comparedAt: null, comparisonId: null, inSyncSince: null, traceId: null },
  joinedAt: '2026-11-20T10:00:00.000Z',
});
const line = (number: number): LogLine => ({
  ...{
    line: number,
    at: '2026-11-20T10:00:00.000Z',
    level: 'info',
    appId: null,
    text: `line ${number}`,
    traceId: null,
  },
});

/** A leaderboard whose answers a test decides, and what else the feed needs. */
class Owner {
  revision = 0;
  rows: [revision: number, row: BoardRow][] = [];
  lines: LogLine[] = [];
  frozen: Freeze | null = null;
  /** What was on the board when it was frozen. */
  past: BoardRow[] = [];
  /** As it is written down. */
  remembered: Freeze | null = null;
  broken: Error | undefined;
  nudge: () => void = () => {};

  add(appId: string): void {
    this.revision += 1;
    this.rows.push([this.revision, row(appId)]);
  }

  private readonly answers: Record<string, (data: { after: number }) => unknown> = {
    GetBoardChanges: ({ after }): BoardChanges => ({
      revision: this.revision,
      rows: this.rows.filter(([revision]) => revision > after).map(([, one]) => one),
      ...{ left: [], fill: { open: null, last: null }, more: false },
      ...{ frozen: this.frozen, since: time(0) },
    }),
    GetBoardAt: () => ({
      at: this.frozen?.at,
      since: time(0),
      rows: this.past,
      fill: { open: null, last: null },
      next: null,
    }),
    GetLog: ({ after }) => ({ lines: this.lines.filter((one) => one.line > after) }),
    GetFillAutomation: () => null,
    GetCompareSchedule: () => null,
  };

  private readonly requests = {
    ask: async ({ name }: { name: string }, data: { after: number }) => {
      if (this.broken) throw this.broken;
      return this.answers[name]!(data);
    },
  } as unknown as Requests;

  readonly closing = new Closing();
  private readonly repository = {
    read: async () => this.remembered,
    write: async (freeze: Freeze | null) => void (this.remembered = freeze),
  } as unknown as FreezeRepository;
  readonly frozenBoard = new FrozenBoard(this.repository, new PastBoard(this.requests));
  readonly feed = new BoardFeed(this.requests, new TimersReader(this.requests), this.frozenBoard);
  readonly pulse = new BoardPulse(
    this.feed,
    { listen: (_: string, ring: () => void) => (this.nudge = ring) } as unknown as Bus,
    this.closing,
  );

  freeze(): void {
    this.past = this.rows.map(([, one]) => one);
    this.frozen = { at: time(30) };
  }

  /** Somebody who watches, and what he was told. */
  async watcher(revision?: number, isStaff = false): Promise<BoardUpdate[]> {
    const told: BoardUpdate[] = [];
    await this.feed.watch((update) => told.push(update), revision, isStaff);
    return told;
  }
}
const names = (updates: readonly BoardUpdate[]): string[] =>
  updates.flatMap((update) => update.rows.map((one) => one.name));

describe('the feed of the board', () => {
  let owner: Owner;
  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => (owner = new Owner()));

  it('tells those who watch what a reader’s look has found', async () => {
    const told = await owner.watcher();
    for (let turn = 0; turn < 15; turn += 1) {
      owner.add(`app-${turn}`);
      owner.lines.push(line(turn + 1));
      await Promise.all([owner.feed.view(false), owner.feed.view(false)]);
    }
    expect(names(told)).toEqual(Array.from({ length: 15 }, (_, turn) => `app-${turn}`));
    expect(told.flatMap((update) => update.log)).toHaveLength(15);
  });

  it('tells the others when one of them cannot be told', async () => {
    owner.add('first');
    await owner.feed.view(false);
    let calls = 0;
    await owner.feed.watch(
      () => {
        if (++calls > 1) throw new Error('gone');
      },
      undefined,
      false,
    );
    const told = await owner.watcher();
    owner.add('second');
    await owner.feed.view(false);
    expect([calls, names(told)]).toEqual([2, ['first', 'second']]);
  });

  it('tells the very first line of a log that was empty', async () => {
    owner.add('app');
    const told = await owner.watcher();
    owner.lines.push(line(1));
    await owner.feed.view(false);
    expect(told.at(-1)!.log.map((one) => one.text)).toEqual(['line 1']);
  });

  it('keeps lines that were there before it to itself: they are no news', async () => {
    owner.add('app');
    owner.lines.push(line(1));
    await owner.feed.view(false);
    const told = await owner.watcher();
    owner.lines.push(line(2));
    await owner.feed.view(false);
    expect(told.flatMap((update) => update.log.map((one) => one.line))).toEqual([2]);
  });

  it('begins anew, and says so, when the owner has another board', async () => {
    for (const name of ['a', 'b', 'c']) owner.add(name);
    const told = await owner.watcher();
    owner.revision = 0;
    owner.rows = [];
    owner.add('d');
    expect((await owner.feed.view(false)).rows.map((one) => one.name)).toEqual(['d']);
    expect(told.at(-1)).toMatchObject({ reset: true, revision: 1, rows: [{ name: 'd' }] });
  });

  it('takes every failure as a part that is missing, and shows what it knows', async () => {
    owner.add('known');
    await owner.feed.view(false);
    owner.broken = new Error('relation "fill_timer" does not exist');
    const view = await owner.feed.view(false);
    expect(view).toMatchObject({ missing: ['submission', 'comparator', 'leaderboard'], rows: [{ name: 'known' }] });
  });

  it('looks on after a failure, and ends with the service', async () => {
    owner.broken = new Error('broken');
    owner.pulse.onApplicationBootstrap();
    const late = new Promise<void>((done) => {
      const watcher = (update: BoardUpdate) => names([update]).includes('late') && done();
      void owner.feed.watch(watcher, undefined, false);
    });
    owner.broken = undefined;
    owner.add('late');
    owner.nudge();
    await late;
    await owner.closing.run();
  });

  describe('while the scoreboard is frozen', () => {
    beforeEach(async () => {
      owner.add('known');
      await owner.feed.view(false);
    });

    it('gives visitors the board of that time once, staff everything, and visitors everything at the thaw', async () => {
      const visitor = await owner.watcher();
      const staff = await owner.watcher(undefined, true);
      owner.freeze();
      for (const name of ['hidden', 'hidden too']) {
        owner.add(name);
        await owner.feed.view(false);
      }
      expect([names(visitor), names(staff)]).toEqual([['known', 'known'], ['known', 'hidden', 'hidden too']]); // prettier-ignore
      expect(visitor[1]).toMatchObject({
        reset: true,
        revision: 0,
        asOf: time(30),
        frozen: { at: time(30), hides: true },
      });
      expect(staff.at(-1)!.frozen).toEqual({ at: time(30), hides: false });
      owner.frozen = null;
      await owner.feed.view(false);
      expect(visitor).toHaveLength(3);
      expect([visitor[2]!.reset, visitor[2]!.frozen, names(visitor.slice(2)).toSorted()]).toEqual([true, null, ['hidden', 'hidden too', 'known']]); // prettier-ignore
    });

    it('gives it to whoever comes, whatever revision he had, with every byte the same', async () => {
      owner.freeze();
      const [first] = [JSON.stringify(await owner.feed.view(false))];
      const before = (await owner.watcher(1)).map((update) => JSON.stringify(update));
      owner.add('hidden');
      owner.lines.push(line(7));
      expect(JSON.stringify(await owner.feed.view(false))).toBe(first);
      expect((await owner.watcher(2)).map((update) => JSON.stringify(update))).toEqual(before);
      expect(names([...(await owner.watcher(2, true))])).toEqual([]);
      expect((await owner.feed.view(true)).rows).toHaveLength(2);
    });

    it('is not seen as live before the board of that time could be read', async () => {
      owner.freeze();
      owner.add('hidden');
      owner.broken = new Error('away');
      expect((await owner.feed.view(false)).rows.map((one) => one.name)).toEqual(['known']);
      owner.broken = undefined;
      expect((await owner.feed.view(false)).rows.map((one) => one.name)).toEqual(['known']);
    });

    it('hides everything after a start with an owner that is away, until that has told what was known', async () => {
      const later = new Owner();
      later.remembered = { at: time(30) };
      later.broken = new Error('away');
      await later.frozenBoard.onModuleInit();
      const told = await later.watcher();
      expect(await later.feed.view(false)).toMatchObject({
        rows: [],
        missing: ['leaderboard'],
        frozen: { hides: true },
      });
      later.broken = undefined;
      later.add('known');
      later.freeze();
      later.add('hidden');
      expect((await later.feed.view(false)).rows.map((one) => one.name)).toEqual(['known']);
      expect(names(told)).toEqual(['known']);
    });
  });
});
