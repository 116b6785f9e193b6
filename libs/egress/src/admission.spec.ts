import { jest } from '@jest/globals';
import { Admission, type Ticket } from './admission.js';
import { clientLimits } from './egress-limits.js';

const admission = (limits: Partial<typeof clientLimits>) => new Admission({ ...clientLimits, ...limits });
const turn = () => new Promise((done) => setImmediate(done));

describe('admission', () => {
  afterEach(() => jest.useRealTimers());

  it('runs few of one origin at once and the next when one ends', async () => {
    const places = admission({});
    const started: number[] = [];
    const tickets = [0, 1, 2].map((n) => places.enter('a', 2, []).then((ticket) => (started.push(n), ticket)));
    await turn();
    expect(started).toEqual([0, 1]);
    (await tickets[0])?.release();
    await turn();
    expect(started).toEqual([0, 1, 2]);
  });

  it('lets origins take turns: one with a hundred waiters does not hold up one with a single one', async () => {
    const places = admission({ activeMax: 1 });
    const order: string[] = [];
    const enter = async (origin: string) => {
      const ticket = await places.enter(origin, 2, []);
      order.push(origin);
      await turn();
      ticket.release();
    };
    await Promise.all([...Array.from({ length: 100 }, () => enter('greedy')), enter('modest')]);
    expect(order.indexOf('modest')).toBeLessThanOrEqual(2);
    expect(order).toHaveLength(101);
  });

  it('moves what lasts out of the way of the others, up to a bound', async () => {
    jest.useFakeTimers();
    const places = admission({ activeMax: 2, graceMs: 10, lingeringMax: 3 });
    const open: Ticket[] = [];
    const all = Array.from({ length: 6 }, (_, n) =>
      places.enter(`host${n}`, 2, []).then((ticket) => open.push(ticket)),
    );
    await jest.advanceTimersByTimeAsync(1_000);
    expect(open).toHaveLength(5);
    open[0]?.release();
    await jest.advanceTimersByTimeAsync(10);
    expect(open).toHaveLength(6);
    await Promise.all(all);
    for (const ticket of open) ticket.release();
  });

  it('says busy when nothing becomes free, or when too many wait', async () => {
    const places = admission({ activeMax: 1, waitingMax: 1, waitingMsMax: 20, graceMs: 10_000 });
    const ticket = await places.enter('a', 2, []);
    const waiting = places.enter('b', 2, []);
    await expect(places.enter('c', 2, [])).rejects.toMatchObject({ code: 'busy', side: 'ours', maybeSent: false });
    await expect(waiting).rejects.toMatchObject({ code: 'busy' });
    ticket.release();
    (await places.enter('d', 2, [])).release();
  });

  it('loses no place to a waiter that gave up in the very moment a place became free', async () => {
    const places = admission({ activeMax: 1, graceMs: 10_000 });
    const ticket = await places.enter('a', 2, []);
    const stop = new AbortController();
    const left = places.enter('b', 2, [stop.signal]);
    stop.abort();
    ticket.release();
    await expect(left).rejects.toMatchObject({ code: 'aborted' });
    ticket.release();
    const [one, other] = [await places.enter('c', 2, []), places.enter('d', 2, [])];
    one.release();
    (await other).release();
  });

  it('takes a second release for nothing, even when its origin has come anew', async () => {
    const places = admission({ activeMax: 1, graceMs: 10_000 });
    const first = await places.enter('a', 1, []);
    first.release();
    const other = await places.enter('b', 1, []);
    const waiting = places.enter('a', 1, []);
    first.release();
    other.release();
    (await waiting).release();
  });

  it('refuses at once when the caller has already given up', async () => {
    await expect(admission({}).enter('a', 2, [AbortSignal.abort()])).rejects.toMatchObject({ code: 'aborted' });
  });
});
