import { Controller } from '@nestjs/common';
import { Batches } from './batches.js';
import { toDetail } from './comparison-view.js';
import { AppRepository } from './persistence/app.repository.js';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { OverrideRepository } from './persistence/override.repository.js';
import { CompareApps, GetBatch, GetComparison, ListComparisons } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { pageOf } from '#libs/contracts/src/shapes.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Of a batch, read at once; the bytes of an answer end a page sooner. */
const batchRowsMax = 500;

@Controller()
export class ComparatorController {
  constructor(
    private readonly apps: AppRepository,
    private readonly comparisons: ComparisonRepository,
    private readonly batches: Batches,
    private readonly overrides: OverrideRepository,
  ) {}

  @Answers(CompareApps)
  async compare({ apps, by, trigger, hold }: DataOf<typeof CompareApps>, tx: Tx) {
    const active = (await this.apps.active(tx, apps)).map((app) => app.appId);
    const strangers = apps === 'all' ? [] : apps.filter((appId) => !active.includes(appId));
    if (strangers.length > 0)
      throw new Problem(
        'not-found',
        `No app takes part with the id ${strangers.slice(0, 5).join(', ')}.`,
        'Look the ids up on the board.',
      );
    if (active.length === 0) throw new Problem('conflict', 'No app takes part yet.', 'Submit one at the start page.');
    return hold ? this.batches.holdBack(tx, by, active) : this.batches.open(tx, { by, trigger }, active);
  }

  @Answers(GetBatch)
  async batch({ batchId, skip }: DataOf<typeof GetBatch>, tx: Tx) {
    const batch = await this.comparisons.batch(tx, batchId, { skip, limit: batchRowsMax });
    if (!batch) throw new Problem('not-found', 'No comparisons were started under this id.', 'Start them again.');
    const comparisons = pageOf(batch.comparisons);
    const end = skip + comparisons.length;
    return { ...batch, comparisons, next: comparisons.length > 0 && end < batch.total ? end : null };
  }

  @Answers(ListComparisons)
  async list({ appId, limit }: DataOf<typeof ListComparisons>, tx: Tx) {
    return { comparisons: pageOf(await this.comparisons.list(tx, appId, limit)) };
  }

  @Answers(GetComparison)
  async show({ comparisonId }: DataOf<typeof GetComparison>, tx: Tx) {
    const row = await this.comparisons.detail(tx, comparisonId);
    if (!row)
      throw new Problem(
        'not-found',
        'There is no comparison with this id.',
        'Open the app on the board and choose one of its comparisons.',
      );
    return { comparison: toDetail(row, await this.overrides.list(tx, comparisonId)) };
  }
}
