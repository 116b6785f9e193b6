import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BoardFeed, Watcher } from './board-feed.js';
import { EventStreams } from './event-streams.js';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';

/** The half of a response that a stream uses. */
class Response extends EventEmitter {
  written: string[] = [];
  destroyed = false;
  closed = false;
  writableLength = 0;
  writeHead() {}
  write(text: string) {
    this.written.push(text);
  }
  destroy() {
    this.destroyed = this.closed = true;
    this.emit('close');
  }
}
const request = (address: string) =>
  ({
    method: 'GET',
    headers: {},
    query: {},
    raw: { headers: {}, socket: { remoteAddress: address } },
  }) as unknown as FastifyRequest;
const replyOf = (raw: Response) => ({ raw, hijack: () => {} }) as unknown as FastifyReply;

/** A feed that lets people watch when it is told to. */
class Feed {
  watchers = new Set<Watcher>();
  private readonly gates: ((error?: Error) => void)[] = [];

  readonly watch = (watcher: Watcher) =>
    new Promise<() => void>((resolve, reject) => {
      this.gates.push((error) => {
        if (error) return reject(error);
        this.watchers.add(watcher);
        resolve(() => void this.watchers.delete(watcher));
      });
    });

  let(error?: Error): void {
    for (const gate of this.gates.splice(0)) gate(error);
  }
}

describe('a live stream', () => {
  let feed: Feed;
  let streams: EventStreams;
  beforeEach(() => {
    feed = new Feed();
    streams = new EventStreams(feed as unknown as BoardFeed);
  });
  const open = (response: Response) => streams.open(request('203.0.113.9'), replyOf(response));

  it('holds its place while it is open, and no longer', async () => {
    const response = new Response();
    const opened = open(response);
    feed.let();
    await opened;
    expect([streams.count, feed.watchers.size]).toEqual([1, 1]);
    response.destroy();
    expect([streams.count, feed.watchers.size]).toEqual([0, 0]);
  });

  it('leaves nothing behind when its reader goes before it has begun', async () => {
    const response = new Response();
    const opened = open(response);
    response.destroy();
    expect(streams.count).toBe(0);
    feed.let();
    await opened;
    expect(feed.watchers.size).toBe(0);
  });

  it('leaves nothing behind when the board cannot be read', async () => {
    const response = new Response();
    const opened = open(response);
    feed.let(new Error('broken'));
    await expect(opened).rejects.toThrow('broken');
    expect([streams.count, response.destroyed]).toEqual([0, true]);
  });

  it('is not begun for a reader who has gone already', async () => {
    const response = new Response();
    response.destroy();
    await open(response);
    expect([streams.count, response.written]).toEqual([0, []]);
  });

  it('is written once for all who read it, and cut off where nobody reads', async () => {
    const [one, other, asleep] = [new Response(), new Response(), new Response()];
    const opened = Promise.all([one, other, asleep].map(open));
    feed.let();
    await opened;
    asleep.writableLength = 2 * 1024 * 1024;
    let texts = 0;
    const update = { revision: 7, toJSON: () => (texts++, { revision: 7 }) } as unknown as BoardUpdate;
    for (const watcher of feed.watchers) watcher(update);
    expect([one, other].map(({ written }) => written.at(-1))).toEqual(
      Array(2).fill('id: 7\nevent: board\ndata: {"revision":7}\n\n'),
    );
    expect([texts, asleep.destroyed, streams.count]).toEqual([1, true, 2]);
    for (const response of [one, other]) response.destroy();
  });

  it('has a limit for each address', async () => {
    const responses = Array.from({ length: 200 }, () => new Response());
    const opened = responses.map(open);
    await expect(open(new Response())).rejects.toThrow('Too many live boards are open.');
    feed.let();
    await Promise.all(opened);
    responses[0]!.destroy();
    const more = open((responses[0] = new Response()));
    feed.let();
    await more;
    for (const response of responses) response.destroy();
    expect(streams.count).toBe(0);
  });
});
