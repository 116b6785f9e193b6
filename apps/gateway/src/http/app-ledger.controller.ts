import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { AppLedgers } from './app-ledgers.js';
import { Valid } from './valid.js';
import { Public } from '../accounts/staff.guard.js';
import { ledgerFilter, type AppLedger } from '#libs/contracts/src/gateway.js';

const Page = z.object({
  only: ledgerFilter.optional(),
  before: z
    .string()
    .regex(/^\d{1,15}$|^\d{1,9}\.\d{1,6}$/, 'must be the "next" of another page')
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(60),
});
const uuid = new Valid(z.uuid('must be the id of an app'));

@Controller('api/v1/apps')
export class AppLedgerController {
  constructor(private readonly ledgers: AppLedgers) {}

  /** Every write to this app: how it ended, and whether it was seen since. */
  @Public()
  @Get(':appId/ledger')
  read(@Param('appId', uuid) appId: string, @Query(new Valid(Page)) page: z.output<typeof Page>): Promise<AppLedger> {
    return this.ledgers.read(appId, page);
  }
}
