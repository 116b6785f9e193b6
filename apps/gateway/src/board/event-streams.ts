import type { ServerResponse } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BoardFeed } from './board-feed.js';
import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';

/** Limits of the live stream. */
const streamsMax = 10_000;
const streamsPerAddressMax = 200;
const heartbeatMs = 15_000;
/** A reader that is this far behind is cut off; it comes back with its revision. */
const unreadBytesMax = 1024 * 1024;

/** Everybody who watches the board. Errors come before the stream begins; a dead connection is noticed by its heartbeat. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open_ = new Map<ServerResponse, string>();

  constructor(private readonly feed: BoardFeed) {}

  beforeApplicationShutdown(): void {
    for (const stream of this.open_.keys()) stream.end();
  }

  async open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.admit(request.ip);
    const revision = lastRevision(request);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    stream.write('retry: 2000\n\n');
    this.open_.set(stream, request.ip);
    const stop = await this.feed.watch((update) => send(stream, update), revision);
    const heartbeat = setInterval(() => stream.write(': here\n\n'), heartbeatMs);
    stream.on('close', () => {
      clearInterval(heartbeat);
      stop();
      this.open_.delete(stream);
    });
    if (stream.destroyed) stream.emit('close');
  }

  private admit(address: string): void {
    const same = [...this.open_.values()].filter((one) => one === address).length;
    if (this.open_.size < streamsMax && same < streamsPerAddressMax) return;
    throw new Problem(
      'limit-reached',
      'Too many live boards are open.',
      'Close another window, or read GET /api/v1/board from time to time.',
    );
  }
}

function send(stream: ServerResponse, update: BoardUpdate): void {
  if (stream.writableLength > unreadBytesMax) {
    stream.destroy();
    return;
  }
  stream.write(`id: ${update.revision}\nevent: board\ndata: ${JSON.stringify(update)}\n\n`);
}

function lastRevision(request: FastifyRequest): number | undefined {
  const given = Number(request.headers['last-event-id'] ?? (request.query as { after?: string }).after);
  return Number.isSafeInteger(given) && given > 0 ? given : undefined;
}
