import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { AtTime } from './board.controller.js';
import { IdempotencyKey } from './idempotency.js';
import { Valid } from './valid.js';
import { Caller, Staff } from '../accounts/staff.guard.js';
import { BoardFeed } from '../board/board-feed.js';
import type { Account } from '../persistence/account.repository.js';
import { FreezeBoard, ListFreezes, ThawBoard } from '#libs/contracts/src/leaderboard.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Staff hold the time of the scoreboard, and let it go. Answered when visitors are shown accordingly. */
@Staff()
@Controller('api/v1/board/freeze')
export class FreezeController {
  constructor(
    private readonly requests: Requests,
    private readonly feed: BoardFeed,
  ) {}

  /** What was done so far, by whom. */
  @Get()
  list() {
    return this.requests.ask(ListFreezes, {});
  }

  /** As of now, or of a time that has passed. */
  @Post()
  @HttpCode(200)
  async freeze(
    @Body(new Valid(AtTime)) { at }: z.output<typeof AtTime>,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    const wish = { by: caller.name, ...(at ? { at } : {}) };
    const done = await this.requests.ask(FreezeBoard, wish, { idempotencyKey });
    await this.feed.lookAfresh();
    return done;
  }

  @Delete()
  @HttpCode(200)
  async thaw(@Caller() caller: Account) {
    const done = await this.requests.ask(ThawBoard, { by: caller.name });
    await this.feed.lookAfresh();
    return done;
  }
}
