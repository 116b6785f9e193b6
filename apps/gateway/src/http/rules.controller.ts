import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { Valid } from './valid.js';
import { Caller, Public, Staff } from '../accounts/staff.guard.js';
import type { Account } from '../persistence/account.repository.js';
import { GetRules, PreviewRules, PublishRules } from '#libs/contracts/src/rules.js';
import { Requests } from '#libs/messaging/src/requests.js';

const Draft = PreviewRules.schema;
const Set = PublishRules.schema.omit({ by: true });
const versionNumber = new Valid(z.coerce.number('must be a number').int().min(1).max(1_000_000));
/** A page judges for two seconds; the rest is for a judge that is busy with comparisons. */
const previewMsMax = 8_000;

@Controller('api/v1/rules')
export class RulesController {
  constructor(private readonly requests: Requests) {}

  @Public()
  @Get()
  newest() {
    return this.requests.ask(GetRules, {});
  }

  @Public()
  @Get(':version')
  show(@Param('version', versionNumber) version: number) {
    return this.requests.ask(GetRules, { version });
  }

  @Staff()
  @Post()
  @HttpCode(201)
  publish(
    @Body(new Valid(Set)) set: z.output<typeof Set>,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(PublishRules, { ...set, by: caller.name }, { idempotencyKey });
  }

  /** Changes nothing: what the draft would mean, one page of apps. */
  @Staff()
  @Post('preview')
  @HttpCode(200)
  preview(@Body(new Valid(Draft)) draft: z.output<typeof Draft>) {
    return this.requests.ask(PreviewRules, draft, { deadlineMs: previewMsMax });
  }
}
