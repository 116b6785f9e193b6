import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Valid } from './valid.js';
import { Public } from '../accounts/staff.guard.js';
import { listTraces, readTrace } from '../traces/trace-reads.js';
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
const validTraceId = new Valid(z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits'));

/** Spans hold ids and counts, never payloads: anybody may see how a verdict came to be. */
@Public()
@Controller('api/v1/traces')
export class TracesController {
  constructor(private readonly database: Database) {}

  @Get()
  async list(@Query(new Valid(Wanted)) wanted: z.output<typeof Wanted>) {
    const { search, failed, reads, limit } = wanted;
    return {
      traces: await listTraces(this.database, { search: search || undefined, failed, reads: reads === 'true', limit }),
    };
  }

  @Get(':traceId')
  async show(@Param('traceId', validTraceId) id: string) {
    const trace = await readTrace(this.database, id);
    if (trace) return trace;
    throw new Problem(
      'not-found',
      'No trace with this id is kept.',
      'Traces are kept for a day; one that just began appears within a second.',
    );
  }
}
