import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { Valid } from './valid.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public, Staff } from '../accounts/staff.guard.js';
import { BoardFeed } from '../board/board-feed.js';
import { FrozenBoard } from '../board/frozen-board.js';
import { TimersReader } from '../board/timers-reader.js';
import type { Account } from '../persistence/account.repository.js';
import { SetCompareSchedule } from '#libs/contracts/src/comparator.js';
import { GetFill } from '#libs/contracts/src/filler.js';
import type { Timers } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { RequestFill, SetFillAutomation } from '#libs/contracts/src/submission.js';
import { Requests } from '#libs/messaging/src/requests.js';

const seconds = z
  .int('must be a whole number of seconds')
  .min(5, 'must be at least 5 seconds')
  .max(86_400, 'must be at most a day');
const Change = z.object({
  fill: z
    .object({ on: z.boolean(), intervalSeconds: seconds, baselineUrl: z.string().trim().max(500) })
    .partial()
    .optional(),
  compare: z.object({ on: z.boolean(), intervalSeconds: seconds }).partial().optional(),
});
const fillId = new Valid(z.union([z.literal('latest'), z.uuid()], 'must be the id of a fill, or latest'));

@Controller('api/v1')
export class FillsController {
  constructor(
    private readonly requests: Requests,
    private readonly timers: TimersReader,
    private readonly feed: BoardFeed,
    private readonly frozen: FrozenBoard,
  ) {}

  @Staff()
  @Post('fills')
  @HttpCode(202)
  fillNow(@Caller() caller: Account, @IdempotencyKey() idempotencyKey: string | undefined) {
    return this.requests.ask(RequestFill, { by: caller.name }, { idempotencyKey });
  }

  @Public()
  @Get('fills/:fillId')
  show(@Param('fillId', fillId) id: string) {
    return this.requests.ask(GetFill, id === 'latest' ? {} : { fillId: id });
  }

  /** While it is frozen, visitors see what is set, and nothing of what goes on. */
  @Public()
  @KeepsFreeze()
  @Get('automation')
  async automation(@Caller() caller: Account | undefined): Promise<Timers> {
    const { timers } = await this.timers.read();
    if (!this.frozen.for(caller !== undefined)) return timers;
    return {
      fill: timers.fill && { ...timers.fill, nextFillAt: null, lastFill: null },
      compare: timers.compare && { ...timers.compare, nextCompareAt: null },
    };
  }

  @Staff()
  @Patch('automation')
  async change(@Body(new Valid(Change)) { fill, compare }: z.output<typeof Change>, @Caller() caller: Account) {
    if (fill) await this.requests.ask(SetFillAutomation, { ...fill, by: caller.name });
    try {
      if (compare) await this.requests.ask(SetCompareSchedule, { ...compare, by: caller.name });
    } catch (error) {
      throw fill && error instanceof Problem ? halfDone(error) : error;
    } finally {
      this.feed.lookSoon();
    }
    return (await this.timers.read()).timers;
  }
}

/** Two owners cannot change in one transaction: what the first has done stays, and is said. */
function halfDone({ type, document: { detail, next, errors, traceId } }: Problem): Problem {
  return new Problem(
    type,
    `The fills were changed. The comparisons were not: ${detail.replace(' Nothing was accepted.', '')}`,
    `Send the part "compare" again. ${next}`,
    { ...(errors ? { errors } : {}), ...(traceId ? { traceId } : {}) },
  );
}
