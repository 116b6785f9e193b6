import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Public } from '../accounts/staff.guard.js';
import { BoardFeed } from '../board/board-feed.js';
import { EventStreams } from '../board/event-streams.js';
import { GetLog } from '#libs/contracts/src/leaderboard.js';
import { Requests } from '#libs/messaging/src/requests.js';

const LogPage = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  search: z.string().max(100).optional(),
});

@Public()
@Controller('api/v1')
export class BoardController {
  constructor(
    private readonly feed: BoardFeed,
    private readonly streams: EventStreams,
    private readonly requests: Requests,
  ) {}

  @Get('board')
  board() {
    return this.feed.view();
  }

  @Get('board/log')
  log(@Query(new Valid(LogPage)) page: z.output<typeof LogPage>) {
    const { search, ...range } = page;
    return this.requests.ask(GetLog, { ...range, ...(search ? { search } : {}) });
  }

  /** Server-sent events: `board` with the revision as its id. `Last-Event-ID` gets what was missed. */
  @Get('events')
  events(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.streams.open(request, reply);
  }
}
