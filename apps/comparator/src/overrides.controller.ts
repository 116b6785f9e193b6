import { Controller, Inject } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { overruled, refusalOf } from './domain/override.js';
import { OverrideRepository, type OverriddenComparison } from './persistence/override.repository.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { OverrideVerdict, VerdictOverridden, type GivenVerdict } from '#libs/contracts/src/overrides.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Staff overrule a verdict, or take that back: what they said and its event in one transaction. */
@Controller()
export class OverridesController {
  constructor(
    @Inject(COMPARATOR_CONFIG) private readonly config: ComparatorConfig,
    private readonly overrides: OverrideRepository,
    private readonly outbox: Outbox,
  ) {}

  @Answers(OverrideVerdict)
  async override({ comparisonId, by, verdict, reason }: DataOf<typeof OverrideVerdict>, tx: Tx) {
    const comparison = await this.overrides.lock(tx, comparisonId);
    if (!comparison) throw unheardOf();
    const refused = refusalOf(comparison, verdict);
    if (refused) throw new Problem('conflict', refused.detail, refused.next);
    const machine = machineOf(comparison);
    const said = { verdict, reason, by, at: tx.now.toISOString() };
    const shown = verdict === null ? machine : overruled(machine, { ...said, verdict });
    await this.overrides.save(tx, comparison, said, machine);
    const { appId } = comparison;
    const paths = this.config.endpoints.map(({ path }) => path);
    this.outbox.send(tx, VerdictOverridden, { comparisonId, appId, ...said, sentence: shown.sentence, machine, paths });
    return { comparisonId, ...shown };
  }
}

/** One that came to no verdict was refused before. */
const machineOf = ({ verdict, sentence }: OverriddenComparison) => ({ verdict: verdict as GivenVerdict, sentence });

const unheardOf = (): Problem =>
  new Problem(
    'not-found',
    'There is no comparison with this id.',
    'Open the app on the board and choose its newest comparison.',
  );
