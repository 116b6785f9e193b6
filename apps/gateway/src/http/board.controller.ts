import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Valid } from './valid.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import { Boards } from '../board/boards.js';
import { EventStreams } from '../board/event-streams.js';
import { FrozenBoard } from '../board/frozen-board.js';
import type { Account } from '../persistence/account.repository.js';
import { GetLog } from '#libs/contracts/src/leaderboard.js';
import { Requests } from '#libs/messaging/src/requests.js';

export const AtTime = z.object({
  at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-11-26T15:00:00Z' })
    .transform((text) => new Date(text).toISOString())
    .optional(),
});
const LogPage = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  search: z.string().max(100).optional(),
});

@Public()
@KeepsFreeze()
@Controller('api/v1')
export class BoardController {
  constructor(
    private readonly boards: Boards,
    private readonly streams: EventStreams,
    private readonly frozen: FrozenBoard,
    private readonly requests: Requests,
  ) {}

  /** Live, or as it was known at a time of the last 30 days. */
  @Get('board')
  board(@Query(new Valid(AtTime)) { at }: z.output<typeof AtTime>, @Caller() caller: Account | undefined) {
    return this.boards.read(caller !== undefined, at);
  }

  @Get('board/log')
  log(@Query(new Valid(LogPage)) page: z.output<typeof LogPage>, @Caller() caller: Account | undefined) {
    const { search, ...range } = page;
    const until = this.frozen.for(caller !== undefined)?.at;
    return this.requests.ask(GetLog, { ...range, ...(search ? { search } : {}), ...(until ? { until } : {}) });
  }

  /** Server-sent events: `board` with the revision as its id. `Last-Event-ID` gets what was missed. */
  @Get('events')
  events(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.streams.open(request, reply);
  }
}
