import type { ServerResponse } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BoardFeed } from './board-feed.js';
import { callerOf } from '../accounts/staff.guard.js';
import { networkOf, visitorOf } from '../http/visitor.js';
import { LimitReached } from '../limits/limit-reached.js';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';

/** Limits of the live stream. */
const streamsMax = 10_000;
const streamsPerAddressMax = 200;
const heartbeatMs = 15_000;
const reconnectMs = 2_000;
/** A reader that is this far behind is cut off; it comes back with its revision. */
const unreadBytesMax = 1024 * 1024;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
};

/** Everybody who watches the board. Errors come before the stream begins; a dead connection is noticed by its heartbeat. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open_ = new Map<ServerResponse, string>();
  /** One text for everybody who is told of an update. */
  private readonly texts = new WeakMap<BoardUpdate, string>();

  constructor(private readonly feed: BoardFeed) {}

  beforeApplicationShutdown(): void {
    for (const stream of this.open_.keys()) stream.end();
  }

  async open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const address = networkOf(visitorOf(request).address);
    this.admit(address);
    if (request.method === 'HEAD') return void reply.headers(headers).send();
    reply.hijack();
    const stream = reply.raw;
    if (stream.destroyed) return;
    this.open_.set(stream, address);
    stream.once('close', () => this.open_.delete(stream));
    stream.writeHead(200, headers);
    stream.write(`retry: ${reconnectMs}\n\n`);
    await this.follow(stream, lastRevision(request), callerOf(request) !== undefined);
  }

  /** Its place is free again when the connection ends, at whatever moment that is. */
  private async follow(stream: ServerResponse, revision: number | undefined, isStaff: boolean): Promise<void> {
    const heartbeat = setInterval(() => stream.write(': here\n\n'), heartbeatMs);
    stream.once('close', () => clearInterval(heartbeat));
    try {
      const stop = await this.feed.watch((update) => this.send(stream, update), revision, isStaff);
      if (stream.closed) stop();
      else stream.once('close', stop);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  get count(): number {
    return this.open_.size;
  }

  private send(stream: ServerResponse, update: BoardUpdate): void {
    if (stream.writableLength > unreadBytesMax) {
      stream.destroy();
      return;
    }
    const text = this.texts.get(update) ?? JSON.stringify(update);
    this.texts.set(update, text);
    stream.write(`id: ${update.revision}\nevent: board\ndata: ${text}\n\n`);
  }

  private admit(address: string): void {
    const same = [...this.open_.values()].filter((one) => one === address).length;
    if (this.open_.size < streamsMax && same < streamsPerAddressMax) return;
    throw new LimitReached(
      'Too many live boards are open.',
      'Close another window, or read GET /api/v1/board from time to time.',
      heartbeatMs / 1_000,
    );
  }
}

function lastRevision(request: FastifyRequest): number | undefined {
  const given = Number(request.headers['last-event-id'] ?? (request.query as { after?: string }).after);
  return Number.isSafeInteger(given) && given > 0 ? given : undefined;
}
