import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { IdempotencyKey } from './idempotency.js';
import { Valid } from './valid.js';
import { KeepsFreeze } from '../accounts/freeze.guard.js';
import { Caller, Public, Staff } from '../accounts/staff.guard.js';
import { FrozenBoard } from '../board/frozen-board.js';
import { KnownComparisons } from '../board/known-comparisons.js';
import type { Account } from '../persistence/account.repository.js';
import { activeAppsMax } from '#libs/contracts/src/shapes.js';
import {
  CompareApps,
  GetBatch,
  GetComparison,
  ListComparisons,
  ListSuspects,
  type ComparisonDetail,
} from '#libs/contracts/src/comparator.js';
import { OverrideVerdict } from '#libs/contracts/src/overrides.js';
import { ListUnknown } from '#libs/contracts/src/unknown.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Requests } from '#libs/messaging/src/requests.js';

const Wanted = z.object({
  apps: z.union(
    [z.literal('all'), z.array(z.uuid('must be ids of apps')).min(1).max(activeAppsMax)],
    'must be "all" or a list of app ids',
  ),
  hold: z.boolean().default(false),
});
const Page = z.object({ appId: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(100).default(20) });
const Given = OverrideVerdict.schema.pick({ verdict: true, reason: true });
const UnknownPage = z.object({
  only: ListUnknown.schema.shape.only,
  days: z.coerce.number().int().min(1).max(30).default(7),
  skip: z.coerce.number().int().min(0).default(0),
});
const BatchPage = z.object({ skip: z.coerce.number().int().min(0).default(0) });
const uuid = new Valid(z.uuid('must be an id'));

@Controller('api/v1')
export class ComparisonsController {
  constructor(
    private readonly requests: Requests,
    private readonly frozen: FrozenBoard,
    private readonly known: KnownComparisons,
  ) {}

  /** Accepted, not done: the batch tells how far it is. */
  @Staff()
  @Post('comparisons')
  @HttpCode(202)
  compare(
    @Body(new Valid(Wanted)) { apps, hold }: z.output<typeof Wanted>,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(CompareApps, { apps, by: caller.name, trigger: 'staff', hold }, { idempotencyKey });
  }

  @Public()
  @KeepsFreeze()
  @Get('comparisons')
  list(@Query(new Valid(Page)) page: z.output<typeof Page>, @Caller() caller: Account | undefined) {
    const hidden = this.frozen.for(caller !== undefined);
    if (hidden) return this.known.list(hidden.at, page);
    return this.requests.ask(ListComparisons, { limit: page.limit, ...(page.appId ? { appId: page.appId } : {}) });
  }

  @Public()
  @KeepsFreeze()
  @Get('comparisons/:comparisonId')
  async show(@Param('comparisonId', uuid) comparisonId: string, @Caller() caller: Account | undefined) {
    const hidden = this.frozen.for(caller !== undefined);
    const ask = () => this.requests.ask(GetComparison, { comparisonId });
    const { comparison } = await (hidden ? this.known.show(hidden.at, comparisonId) : ask());
    if (comparison.isHeldBack && !caller) throw noComparison();
    return { comparison: caller ? comparison : forVisitors(comparison) };
  }

  /** Staff give another verdict, or with `null` take back what they gave; the board shows it within a moment. */
  @Staff()
  @Post('comparisons/:comparisonId/override')
  @HttpCode(200)
  override(
    @Param('comparisonId', uuid) comparisonId: string,
    @Body(new Valid(Given)) given: z.output<typeof Given>,
    @Caller() caller: Account,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ) {
    return this.requests.ask(OverrideVerdict, { ...given, comparisonId, by: caller.name }, { idempotencyKey });
  }

  /** Comparisons that nobody could judge. */
  @Staff()
  @Get('unknown')
  unknown(@Query(new Valid(UnknownPage)) page: z.output<typeof UnknownPage>) {
    return this.requests.ask(ListUnknown, page);
  }

  @Staff()
  @Get('suspects')
  suspects() {
    return this.requests.ask(ListSuspects, {});
  }

  @Public()
  @Get('batches/:batchId')
  async batch(
    @Param('batchId', uuid) batchId: string,
    @Query(new Valid(BatchPage)) { skip }: z.output<typeof BatchPage>,
    @Caller() caller: Account | undefined,
  ) {
    const batch = await this.requests.ask(GetBatch, { batchId, skip });
    if (batch.heldBack && batch.heldBack.state !== 'published' && !caller) throw noBatch();
    return batch;
  }
}

/** What staff hold back looks to others like what never was. */
const noComparison = () =>
  new Problem(
    'not-found',
    'There is no comparison with this id.',
    'Open the app on the board and choose one of its comparisons.',
  );
const noBatch = () => new Problem('not-found', 'No comparisons were started under this id.', 'Start them again.');

/**
 * What points to a cheater is for staff: named in public, it would accuse, and teach. So is what staff have said of the verdict and do
 * not say any more.
 */
const forVisitors = ({ suspicions: _, overrides: __, ...comparison }: ComparisonDetail): ComparisonDetail => comparison;
