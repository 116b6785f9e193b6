import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Caller, Staff } from '../accounts/staff.guard.js';
import { readHeldPage, readPlace } from '../operations/held-pages.js';
import { RequestedLedger } from '../operations/requested-ledger.js';
import type { Account } from '../persistence/account.repository.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { HeldByServices, HeldPage } from '#libs/contracts/src/gateway.js';
import {
  DiscardHeld,
  GetProgress,
  heldState,
  ListHeld,
  ReplayHeld,
  ShowHeld,
  type Progress,
} from '#libs/contracts/src/operations.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Requests } from '#libs/messaging/src/requests.js';

const oneOfServices = z.enum(services, `must be one of ${services.join(', ')}`);
const Wanted = z.object({
  state: z
    .string()
    .default('retrying,waiting,dead')
    .transform((text) => text.split(','))
    .pipe(z.array(heldState).max(4)),
  name: z.string().min(1).max(100).optional(),
  service: oneOfServices.optional(),
  after: z.string().max(300).optional(),
  /** Of each service. */
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const Reason = z.object({ reason: z.string('must be a text').trim().min(1, 'must not be empty').max(300) });
const service = new Valid(oneOfServices);
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
  list(
    @Query(new Valid(Wanted)) { state, name, service: only, after, limit }: z.output<typeof Wanted>,
  ): Promise<HeldPage> {
    const place = readPlace(after, only ? [only] : services);
    const filter = { states: state, limit, ...(name ? { name } : {}) };
    return readHeldPage((one, data) => this.requests.askService(one, ListHeld, data), filter, place);
  }

  /** Every service that holds this event: several may. */
  @Get('dead-letters/:eventId')
  async find(@Param('eventId', uuid) eventId: string): Promise<HeldByServices> {
    const answers = await this.eachService((name) => this.holding(name, eventId));
    const held = answers.flatMap(({ answer }) => answer?.held ?? []);
    const missing = missingOf(answers);
    if (held.length > 0 || missing.length > 0) return { held, missing };
    throw new Problem(
      'not-found',
      `No service holds an event ${eventId}.`,
      'List the dead letters again; it may have been applied.',
    );
  }

  private async holding(name: ServiceName, eventId: string): Promise<{ held: HeldByServices['held'] }> {
    try {
      return { held: [await this.requests.askService(name, ShowHeld, { eventId })] };
    } catch (error) {
      if (error instanceof Problem && error.type === 'not-found') return { held: [] };
      throw error;
    }
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
