import { Controller } from '@nestjs/common';
import { FillRepository } from './persistence/fill.repository.js';
import { toFillWrite, WriteRepository } from './persistence/write.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { GetFill, ListWrites } from '#libs/contracts/src/filler.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Controller()
export class FillerController {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
  ) {}

  @Answers(GetFill)
  async fill({ fillId }: DataOf<typeof GetFill>, tx: Tx) {
    return { fill: await this.fills.view(tx, fillId) };
  }

  @Answers(ListWrites)
  async list({ targetId, before, limit }: DataOf<typeof ListWrites>, tx: Tx) {
    const rows = await this.writes.page(tx, targetId, before, limit);
    return {
      totals: await this.writes.totals(tx, targetId),
      writes: rows.map((row) => ({
        ...toFillWrite(row),
        number: row.number,
        driver: row.driver,
        traceId: row.traceId,
      })),
      nextBefore: rows.length === limit ? (rows.at(-1)?.position ?? null) : null,
    };
  }
}
