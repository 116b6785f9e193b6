import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { Valid } from './valid.js';
import { Caller, Staff } from '../accounts/staff.guard.js';
import type { Account } from '../persistence/account.repository.js';
import { DiscardBatch, ListHeldBack, PublishBatch } from '#libs/contracts/src/held-back.js';
import { Requests } from '#libs/messaging/src/requests.js';

const uuid = new Valid(z.uuid('must be an id'));

/** Batches that staff hold back: which there are, and what becomes of them. Begun like any other, with `hold`. */
@Staff()
@Controller('api/v1')
export class HeldBackController {
  constructor(private readonly requests: Requests) {}

  @Get('held-back')
  list() {
    return this.requests.ask(ListHeldBack, {});
  }

  @Post('batches/:batchId/publish')
  @HttpCode(200)
  publish(
    @Param('batchId', uuid) batchId: string,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(PublishBatch, { batchId, by: caller.name }, { idempotencyKey });
  }

  @Post('batches/:batchId/discard')
  @HttpCode(200)
  discard(
    @Param('batchId', uuid) batchId: string,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(DiscardBatch, { batchId, by: caller.name }, { idempotencyKey });
  }
}
