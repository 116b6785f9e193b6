import { Controller } from '@nestjs/common';
import { UnknownRepository } from './persistence/unknown.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { ListUnknown } from '#libs/contracts/src/unknown.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Read at once; the bytes of an answer end a page sooner. */
const pageRowsMax = 200;
const dayMs = 86_400_000;

/** Which comparisons nobody could judge, so that staff can look into it and compare again. */
@Controller()
export class UnknownController {
  constructor(private readonly unknown: UnknownRepository) {}

  @Answers(ListUnknown)
  async list({ only, days, skip }: DataOf<typeof ListUnknown>, tx: Tx) {
    const since = only === 'newest' ? null : new Date(tx.now.getTime() - days * dayMs);
    const { comparisons, total } = await this.unknown.page(tx, since, { skip, limit: pageRowsMax });
    const page = pageOf(comparisons);
    const end = skip + page.length;
    return { comparisons: page, total, next: page.length > 0 && end < total ? end : null };
  }
}
