import { Logger } from '@nestjs/common';
import { BoardFeed } from './board-feed.js';
import { TimersReader } from './timers-reader.js';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import type { BoardChanges, BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';
import type { Bus } from '#libs/messaging/src/bus.js';
import type { Requests } from '#libs/messaging/src/requests.js';
import { Closing } from '#libs/platform/src/closing.js';

const row = (appId: string): BoardRow => ({
  ...{ appId, name: appId, team: null, url: 'http://x.example', rank: null, verdict: 'pending', sentence: '' },
  ...{ endpoints: [], rowsDifferent: 0, acknowledged: 0, lostAfterAck: 0, refused: 0, recent: [], comparedAt: null },
  ...{ comparisonId: null, inSyncSince: null, joinedAt: '2026-11-20T10:00:00.000Z', traceId: null },
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
  readonly feed = new BoardFeed(
    this.requests,
    new TimersReader(this.requests),
    { listen: (_: string, ring: () => void) => (this.nudge = ring) } as unknown as Bus,
    this.closing,
  );

  /** Somebody who watches, and what he was told. */
  async watcher(revision?: number): Promise<BoardUpdate[]> {
    const told: BoardUpdate[] = [];
    await this.feed.watch((update) => told.push(update), revision);
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
      await Promise.all([owner.feed.view(), owner.feed.view()]);
    }
    expect(names(told)).toEqual(Array.from({ length: 15 }, (_, turn) => `app-${turn}`));
    expect(told.flatMap((update) => update.log)).toHaveLength(15);
  });

  it('tells the others when one of them cannot be told', async () => {
    owner.add('first');
    await owner.feed.view();
    let calls = 0;
    await owner.feed.watch(() => {
      if (++calls > 1) throw new Error('gone');
    }, undefined);
    const told = await owner.watcher();
    owner.add('second');
    await owner.feed.view();
    expect([calls, names(told)]).toEqual([2, ['first', 'second']]);
  });

  it('tells the very first line of a log that was empty', async () => {
    owner.add('app');
    const told = await owner.watcher();
    owner.lines.push(line(1));
    await owner.feed.view();
    expect(told.at(-1)!.log.map((one) => one.text)).toEqual(['line 1']);
  });

  it('keeps lines that were there before it to itself: they are no news', async () => {
    owner.add('app');
    owner.lines.push(line(1));
    await owner.feed.view();
    const told = await owner.watcher();
    owner.lines.push(line(2));
    await owner.feed.view();
    expect(told.flatMap((update) => update.log.map((one) => one.line))).toEqual([2]);
  });

  it('begins anew, and says so, when the owner has another board', async () => {
    for (const name of ['a', 'b', 'c']) owner.add(name);
    const told = await owner.watcher();
    owner.revision = 0;
    owner.rows = [];
    owner.add('d');
    expect((await owner.feed.view()).rows.map((one) => one.name)).toEqual(['d']);
    expect(told.at(-1)).toMatchObject({ reset: true, revision: 1, rows: [{ name: 'd' }] });
  });

  it('takes every failure as a part that is missing, and shows what it knows', async () => {
    owner.add('known');
    await owner.feed.view();
    owner.broken = new Error('relation "fill_timer" does not exist');
    const view = await owner.feed.view();
    expect(view).toMatchObject({ missing: ['submission', 'comparator', 'leaderboard'], rows: [{ name: 'known' }] });
  });

  it('looks on after a failure, and ends with the service', async () => {
    owner.broken = new Error('broken');
    owner.feed.onApplicationBootstrap();
    const late = new Promise<void>((done) => {
      const watcher = (update: BoardUpdate) => names([update]).includes('late') && done();
      void owner.feed.watch(watcher, undefined);
    });
    owner.broken = undefined;
    owner.add('late');
    owner.nudge();
    await late;
    await owner.closing.run();
  });
});
