import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf, visitorOf } from './visitor.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import { NewAppLimit } from '../limits/new-app-limit.js';
import type { Account } from '../persistence/account.repository.js';
import type { OwnLimits } from '#libs/contracts/src/gateway.js';

/** What whoever asks has left, so that nobody has to run into a limit to learn of it. */
@Public()
@Controller('api/v1/limits')
export class LimitsController {
  constructor(private readonly newApps: NewAppLimit) {}

  @Get()
  async own(
    @Caller() caller: Account | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnLimits> {
    if (caller) return { newApps: null };
    return { newApps: await this.newApps.left(networkOf(visitorOf(request).address), reply) };
  }
}
