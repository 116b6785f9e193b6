import { Controller } from '@nestjs/common';
import { FillRepository } from './persistence/fill.repository.js';
import { toFillWrite, WriteRepository } from './persistence/write.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { GetFill, ListWrites } from '#libs/contracts/src/filler.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Both answers are as much of what was asked for as fits into one message. */
@Controller()
export class FillerController {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
  ) {}

  @Answers(GetFill)
  async fill({ fillId }: DataOf<typeof GetFill>, tx: Tx) {
    const fill = await this.fills.view(tx, fillId);
    return { fill: fill && { ...fill, parts: pageOf(fill.parts) } };
  }

  @Answers(ListWrites)
  async list(wanted: DataOf<typeof ListWrites>, tx: Tx) {
    const { targetId, limit } = wanted;
    const rows = await this.writes.page(tx, wanted);
    const writes = pageOf(
      rows.map((row) => ({ ...toFillWrite(row), number: row.number, driver: row.driver, traceId: row.traceId })),
    );
    const isMore = rows.length === limit || writes.length < rows.length;
    return {
      totals: await this.writes.totals(tx, targetId),
      writes,
      nextBefore: isMore ? (rows[writes.length - 1]?.position ?? null) : null,
    };
  }
}
