import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { OwnerOrStaff, type OwnerOrStaffAsking } from './owner-or-staff.js';
import { Valid } from './valid.js';
import { networkOf, visitorOf } from './visitor.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, callerOf, Public } from '../accounts/staff.guard.js';
import { NewAppLimit } from '../limits/new-app-limit.js';
import { ListedApps } from '../listed-apps.js';
import type { Account } from '../persistence/account.repository.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';
import { ListWrites } from '#libs/contracts/src/filler.js';
import { SubmitApp, WithdrawApp, type ListedApp } from '#libs/contracts/src/submission.js';
import { Requests } from '#libs/messaging/src/requests.js';

const Submission = z.object({
  name: z.string('must be a text').trim().min(1, 'must not be empty').max(64, 'must have at most 64 characters'),
  url: z.string('must be a text').trim().min(1, 'must not be empty').max(500, 'must have at most 500 characters'),
  team: z.string('must be a text').trim().max(64, 'must have at most 64 characters').nullish(),
  pseudonym: z.string('must be a text').trim().max(64, 'must have at most 64 characters').nullish(),
  claimCode: z.string().trim().max(100).optional(),
});
const Page = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
const uuid = new Valid(z.uuid('must be the id of an app'));

@Controller('api/v1/apps')
export class AppsController {
  constructor(
    private readonly requests: Requests,
    private readonly newApps: NewAppLimit,
    private readonly listed: ListedApps,
  ) {}

  /** 201 for a new app, with its claim code; 200 for an update by its owner. Visitors have a limit of new apps, staff have none. */
  @Public()
  @Post()
  async submit(
    @Body(new Valid(Submission)) { claimCode, team, pseudonym, ...submission }: z.output<typeof Submission>,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubmittedApp> {
    const shown = pseudonym === undefined ? {} : { pseudonym: pseudonym || null };
    const data = { ...submission, ...shown, team: team || null, ...(claimCode ? { ownerToken: claimCode } : {}) };
    const submit = () => this.requests.ask(SubmitApp, data, { idempotencyKey });
    const isFree = Boolean(claimCode) || callerOf(request) !== undefined;
    const address = networkOf(visitorOf(request).address);
    const { accepted, newApps } = isFree
      ? { accepted: await submit(), newApps: null }
      : await this.newApps.within({ address, key: idempotencyKey }, reply, submit);
    const { ownerToken, ...app } = accepted;
    void reply.status(app.created ? 201 : 200);
    return { ...app, claimCode: ownerToken, newApps };
  }

  /** Staff also see who is behind a pseudonym. */
  @Public()
  @KeepsFreeze()
  @Get()
  async list(@Caller() caller: Account | undefined): Promise<{ apps: ListedApp[] }> {
    return { apps: await this.listed.read(caller !== undefined) };
  }

  /** By its owner, with the claim code in `x-claim-code`, or by staff. */
  @Public()
  @Delete(':appId')
  @HttpCode(200)
  withdraw(@Param('appId', uuid) appId: string, @OwnerOrStaff('withdraw an app') by: OwnerOrStaffAsking) {
    return this.requests.ask(WithdrawApp, { appId, ...by });
  }

  /** The send log: every write to this app and how it ended, newest first. */
  @Public()
  @Get(':appId/writes')
  writes(
    @Param('appId', uuid) targetId: string,
    @Query(new Valid(Page)) page: z.output<typeof Page>,
    @Caller() caller: Account | undefined,
  ) {
    return this.requests.ask(ListWrites, {
      targetId,
      limit: page.limit,
      canaries: caller !== undefined,
      ...(page.before ? { before: page.before } : {}),
    });
  }
}
