import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Valid } from './valid.js';
import { networkOf, visitorOf } from './visitor.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import { PreflightLimit } from '../limits/preflight-limit.js';
import type { Account } from '../persistence/account.repository.js';
import { Preflights } from '../preflights/preflights.js';
import type { PreflightView } from '#libs/contracts/src/preflight.js';

const Wanted = z.object({
  url: z.string('must be a text').trim().min(1, 'must not be empty').max(500, 'must have at most 500 characters'),
});
const uuid = new Valid(z.uuid('must be the id of a pre-flight'));

/** A look at an app before it is submitted. Whoever has its id may follow it. */
@Public()
@KeepsFreeze()
@Controller('api/v1/preflights')
export class PreflightsController {
  constructor(
    private readonly preflights: Preflights,
    private readonly limit: PreflightLimit,
  ) {}

  /** Accepted, not done: ask for it by its id until it is over. Nothing is written to the app. */
  @Post()
  @HttpCode(202)
  async begin(
    @Body(new Valid(Wanted)) { url }: z.output<typeof Wanted>,
    @Caller() caller: Account | undefined,
    @Req() request: FastifyRequest,
  ): Promise<PreflightView> {
    if (!caller) await this.limit.take(networkOf(visitorOf(request).address));
    return this.preflights.begin(randomUUID(), url);
  }

  @Get(':preflightId')
  show(@Param('preflightId', uuid) preflightId: string): Promise<PreflightView> {
    return this.preflights.show(preflightId);
  }

  /** One entry, marked as ours, and a look at the list; once, however often it is asked for. */
  @Post(':preflightId/write')
  @HttpCode(202)
  write(@Param('preflightId', uuid) preflightId: string): Promise<PreflightView> {
    return this.preflights.write(preflightId);
  }
}
