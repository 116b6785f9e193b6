import { Controller, Inject } from '@nestjs/common';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { addressLine } from './domain/preflight-reach.js';
import { PreflightRepository } from './persistence/preflight.repository.js';
import { PREFLIGHT } from './work-kinds.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { BeginPreflight, GetPreflight, preflightsAtOnceMax } from '#libs/contracts/src/preflight.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { isRefusal } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** As in the contract: letters of a path that are no ASCII become longer when they are written out. */
const urlCharsMax = 500;

/** Looks at apps before they are submitted: opened here, taken by the worker. */
@Controller()
export class PreflightController {
  private readonly policy: EgressPolicy;

  constructor(
    @Inject(COMPARATOR_CONFIG) { egressAllow }: ComparatorConfig,
    private readonly preflights: PreflightRepository,
    private readonly queue: WorkQueue,
  ) {
    this.policy = new EgressPolicy({ allow: egressAllow });
  }

  @Answers(BeginPreflight)
  async begin({ preflightId, url: given }: DataOf<typeof BeginPreflight>, tx: Tx) {
    const url = this.readUrl(given);
    await this.preflights.lock(tx);
    const known = await this.preflights.find(tx, preflightId);
    if (known) return { preflightId, url: known.url };
    if ((await this.preflights.countOpen(tx)) >= preflightsAtOnceMax)
      throw new Problem(
        'limit-reached',
        `We are looking at ${preflightsAtOnceMax} apps already, as many as we do at once. That is our limit, not yours.`,
        'Ask again in some seconds.',
      );
    await this.preflights.open(tx, preflightId, url, [addressLine(url)]);
    await this.queue.schedule(tx, PREFLIGHT, preflightId);
    await this.preflights.sweep(tx);
    return { preflightId, url };
  }

  @Answers(GetPreflight)
  async show({ preflightId }: DataOf<typeof GetPreflight>, tx: Tx) {
    return { preflight: (await this.preflights.find(tx, preflightId)) ?? null };
  }

  /** As a submission reads it: by its form alone. What the name resolves to is looked at when the app is called. */
  private readUrl(given: string): string {
    const target = this.policy.readTargetUrl(given);
    if (isRefusal(target)) throw new Problem('url-not-allowed', target.sentence, target.fix);
    const url = `${target.origin}${target.basePath}`;
    if (url.length > urlCharsMax)
      throw new Problem('url-not-allowed', `The address has more than ${urlCharsMax} characters when written out.`, 'Use a shorter path.'); // prettier-ignore
    return url;
  }
}
