import { Injectable } from '@nestjs/common';
import { listTraces, type TraceQuery } from './trace-reads.js';
import { Gate } from '../limits/gate.js';
import { LimitReached } from '../limits/limit-reached.js';
import type { TraceSummary } from '#libs/contracts/src/gateway.js';
import { Database } from '#libs/platform/src/database.js';

/** A search may have to look at everything that is kept. It gets little of the database, and little time. */
const searchesMax = 2;
const searchesWaitingMax = 8;
const searchMsMax = 2_000;

/** Lists of traces: anybody may ask for them, and nobody else's request waits for it. */
@Injectable()
export class TraceSearch {
  private readonly gate = new Gate('searches', searchesMax, searchesWaitingMax);

  constructor(private readonly database: Database) {}

  async list(query: TraceQuery): Promise<TraceSummary[]> {
    if (query.search === undefined && query.failed === undefined) return listTraces(this.database, query);
    try {
      return await this.gate.run(() =>
        this.database.transaction(async (tx) => {
          await tx.query(`set local statement_timeout = ${searchMsMax}`);
          return listTraces(tx, query);
        }),
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== statementTimeout) throw error;
      throw new LimitReached(
        `Nothing was found within ${searchMsMax / 1_000} s, and there is more to look through.`,
        'Search for something rarer, such as the number of a fill or an id.',
        searchMsMax / 1_000,
      );
    }
  }
}

const statementTimeout = '57014';
