import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Caller, Public } from '../accounts/staff.guard.js';
import type { Account } from '../persistence/account.repository.js';
import { forVisitors } from '../traces/for-visitors.js';
import { readTrace } from '../traces/trace-reads.js';
import { TraceSearch } from '../traces/trace-search.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Database } from '#libs/platform/src/database.js';

const Wanted = z.object({
  search: z.string().trim().max(100).optional(),
  failed: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  reads: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const Shown = z.object({ comparison: z.uuid('must be the id of a comparison').optional() });
const validTraceId = new Valid(z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits'));

/** Spans hold ids and counts, never payloads: anybody may see how a verdict came to be; how our databases are asked, staff only. */
@Public()
@Controller('api/v1/traces')
export class TracesController {
  constructor(
    private readonly database: Database,
    private readonly searching: TraceSearch,
  ) {}

  @Get()
  async list(@Query(new Valid(Wanted)) wanted: z.output<typeof Wanted>, @Caller() caller: Account | undefined) {
    const { search, failed, reads, limit } = wanted;
    const query = { search: search || undefined, failed, reads: reads === 'true', limit, inside: caller !== undefined };
    return { traces: await this.searching.list(query) };
  }

  @Get(':traceId')
  async show(
    @Param('traceId', validTraceId) id: string,
    @Query(new Valid(Shown)) { comparison }: z.output<typeof Shown>,
    @Caller() caller: Account | undefined,
  ) {
    const trace = await readTrace(this.database, id, comparison);
    if (trace) return caller ? trace : forVisitors(trace);
    throw new Problem(
      'not-found',
      'No trace with this id is kept.',
      'Traces are kept for a day; one that just began appears within a second.',
    );
  }
}
