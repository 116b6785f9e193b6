import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Caller, Staff } from '../accounts/staff.guard.js';
import { RequestedLedger } from '../operations/requested-ledger.js';
import type { Account } from '../persistence/account.repository.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import {
  DiscardHeld,
  GetProgress,
  heldState,
  ListHeld,
  ReplayHeld,
  ShowHeld,
  type HeldEvent,
  type Progress,
} from '#libs/contracts/src/operations.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Requests } from '#libs/messaging/src/requests.js';

const States = z.object({
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(heldState).max(4))
    .optional(),
});
const Reason = z.object({ reason: z.string('must be a text').trim().min(1, 'must not be empty').max(300) });
const service = new Valid(z.enum(services, `must be one of ${services.join(', ')}`));
const uuid = new Valid(z.uuid('must be the id of an event'));

/** What operators see and do: dead letters, the ledger, how far each service is. */
@Staff()
@Controller('api/v1')
export class OperationsController {
  constructor(
    private readonly requests: Requests,
    private readonly ledgers: RequestedLedger,
  ) {}

  @Get('dead-letters')
  async list(@Query(new Valid(States)) { state }: z.output<typeof States>) {
    const pages = await this.eachService((name) =>
      this.requests.askService(name, ListHeld, state ? { states: state } : {}),
    );
    const events = pages.flatMap((page) => (page.answer ? page.answer.events : []));
    return {
      events: events.toSorted((a: HeldEvent, b: HeldEvent) => a.heldAt.localeCompare(b.heldAt)),
      missing: missingOf(pages),
    };
  }

  @Get('dead-letters/:service/:eventId')
  show(@Param('service', service) name: ServiceName, @Param('eventId', uuid) eventId: string) {
    return this.requests.askService(name, ShowHeld, { eventId });
  }

  @Post('dead-letters/:service/:eventId/replay')
  @HttpCode(200)
  replay(
    @Param('service', service) name: ServiceName,
    @Param('eventId', uuid) eventId: string,
    @Caller() caller: Account,
  ) {
    return this.requests.askService(name, ReplayHeld, { eventId, by: caller.name });
  }

  @Post('dead-letters/:service/:eventId/discard')
  @HttpCode(200)
  discard(
    @Param('service', service) name: ServiceName,
    @Param('eventId', uuid) eventId: string,
    @Body(new Valid(Reason)) { reason }: z.output<typeof Reason>,
    @Caller() caller: Account,
  ) {
    return this.requests.askService(name, DiscardHeld, { eventId, by: caller.name, reason });
  }

  @Get('ledger')
  ledger() {
    return this.ledgers.read();
  }

  @Get('progress')
  async progress() {
    const answers = await this.eachService((name) => this.requests.askService(name, GetProgress, {}));
    const known = answers.filter((one): one is { name: ServiceName; answer: Progress } => one.answer !== null);
    return {
      services: Object.fromEntries(known.map(({ name, answer }) => [name, answer])),
      missing: missingOf(answers),
    };
  }

  private eachService<T>(ask: (name: ServiceName) => Promise<T>): Promise<{ name: ServiceName; answer: T | null }[]> {
    return Promise.all(
      services.map(async (name) => {
        try {
          return { name, answer: await ask(name) };
        } catch (error) {
          if (error instanceof Problem && error.type === 'service-down') return { name, answer: null };
          throw error;
        }
      }),
    );
  }
}

const missingOf = (answers: readonly { name: ServiceName; answer: unknown }[]): string[] =>
  answers.filter((one) => one.answer === null).map((one) => one.name);
