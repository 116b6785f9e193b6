import { Controller } from '@nestjs/common';
import { addressLine } from './domain/preflight-reach.js';
import { PreflightRepository } from './persistence/preflight.repository.js';
import { PREFLIGHT } from './work-kinds.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { BeginPreflight, GetPreflight, preflightsAtOnceMax } from '#libs/contracts/src/preflight.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { readAppAddress } from '#libs/egress/src/app-address.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Looks at apps before they are submitted: opened here, taken by the worker. */
@Controller()
export class PreflightController {
  constructor(
    private readonly policy: EgressPolicy,
    private readonly preflights: PreflightRepository,
    private readonly queue: WorkQueue,
  ) {}

  @Answers(BeginPreflight)
  async begin({ preflightId, url: given }: DataOf<typeof BeginPreflight>, tx: Tx) {
    const url = readAppAddress(this.policy, given);
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
}
