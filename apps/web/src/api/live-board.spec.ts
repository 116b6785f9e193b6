import { jest } from '@jest/globals';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import { LiveBoard } from './live-board.js';

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static opened: FakeSource[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeSource.opened.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  say(update: Partial<BoardUpdate> & { revision: number }): void {
    const data: BoardUpdate = {
      ...{ asOf: new Date().toISOString(), reset: false, rows: [], left: [], log: [], missing: [] },
      ...{ fill: { open: null, last: null }, timers: { fill: null, compare: null }, frozen: null, since: null },
      ...update,
    };
    this.readyState = 1;
    this.dispatchEvent(new MessageEvent('board', { data: JSON.stringify(data) }));
  }

  break(state: 0 | 2): void {
    this.readyState = state;
    this.dispatchEvent(new Event('error'));
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const before = { EventSource: globalThis.EventSource, document: globalThis.document, fetch: globalThis.fetch };
const newest = () => FakeSource.opened.at(-1)!;
const open = () => FakeSource.opened.filter(({ readyState }) => readyState !== FakeSource.CLOSED).length;

let live: LiveBoard;
let drawn: number;
let leave: () => void;
beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-11-20T10:00:00Z') });
  FakeSource.opened = [];
  page.visibilityState = 'visible';
  Object.assign(globalThis, {
    EventSource: FakeSource,
    document: page,
    fetch: () => Promise.resolve(Response.json({ lines: [] })),
  });
  live = new LiveBoard();
  drawn = 0;
  leave = live.subscribe(() => drawn++);
});
afterEach(() => {
  leave();
  jest.runOnlyPendingTimers();
  jest.useRealTimers();
  Object.assign(globalThis, before);
});

describe('the live connection', () => {
  it('is one, however many parts of the page use it, and ends a little after the last', () => {
    const leaveToo = live.subscribe(() => undefined);
    expect(FakeSource.opened).toHaveLength(1);
    leaveToo();
    leave();
    jest.advanceTimersByTime(4_000);
    expect(open()).toBe(1);
    jest.advanceTimersByTime(2_000);
    expect(open()).toBe(0);
  });

  it('draws at most four times a second, and nothing is left out', async () => {
    newest().say({ revision: 1 });
    await jest.advanceTimersByTimeAsync(300);
    drawn = 0;
    for (let revision = 2; revision <= 101; revision++) {
      newest().say({
        revision,
        log: [{ line: revision, at: '', level: 'info', appId: null, text: '', traceId: null }],
      });
      await jest.advanceTimersByTimeAsync(10);
    }
    await jest.advanceTimersByTimeAsync(250);
    expect(drawn).toBeLessThanOrEqual(5);
    expect(live.snapshot().board).toMatchObject({ revision: 101, log: { length: 100 } });
  });

  it('is live only after the first message, and says since when it is not', async () => {
    expect(live.snapshot()).toMatchObject({ connection: 'connecting', lastHeardAt: null });
    newest().say({ revision: 5 });
    await jest.advanceTimersByTimeAsync(1);
    expect(live.snapshot().connection).toBe('live');
    await jest.advanceTimersByTimeAsync(7_000);
    newest().break(0);
    expect(live.snapshot()).toMatchObject({ connection: 'reconnecting', lastHeardAt: Date.now() });
    newest().say({ revision: 6 });
    await jest.advanceTimersByTimeAsync(250);
    expect(live.snapshot().connection).toBe('live');
  });

  it('opens again from its revision when the line is silent: a dead line looks like a quiet board', async () => {
    newest().say({ revision: 5 });
    await jest.advanceTimersByTimeAsync(29_000);
    expect(FakeSource.opened).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect([FakeSource.opened.length, open(), newest().url]).toEqual([2, 1, '/api/v1/events?after=5']);
    expect(live.snapshot().connection).toBe('live');
    newest().say({ revision: 5 });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(live.snapshot().connection).toBe('live');
  });

  it('does not stay live when the new connection says nothing either', async () => {
    newest().say({ revision: 5 });
    await jest.advanceTimersByTimeAsync(36_000);
    expect(live.snapshot().connection).toBe('reconnecting');
  });

  it('asks less and less often when it is refused, with one connection at a time', async () => {
    const times: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      newest().break(2);
      const from = Date.now();
      const count = FakeSource.opened.length;
      while (FakeSource.opened.length === count) await jest.advanceTimersByTimeAsync(100);
      times.push(Date.now() - from);
      expect(open()).toBe(1);
    }
    expect(times[0]).toBeGreaterThanOrEqual(1_500);
    expect(times[0]).toBeLessThanOrEqual(2_600);
    expect(times.at(-1)).toBeGreaterThanOrEqual(22_500);
    expect(Math.max(...times)).toBeLessThanOrEqual(37_600);
  });

  it('is closed a minute after nobody can see the page, and comes back with its revision', async () => {
    newest().say({ revision: 8 });
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    for (let second = 0; second < 59; second++) {
      await jest.advanceTimersByTimeAsync(1_000);
      newest().say({ revision: 8 });
    }
    expect(open()).toBe(1);
    await jest.advanceTimersByTimeAsync(2_000);
    expect([open(), live.snapshot().connection]).toEqual([0, 'reconnecting']);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect([open(), newest().url]).toEqual([1, '/api/v1/events?after=8']);
  });
});
