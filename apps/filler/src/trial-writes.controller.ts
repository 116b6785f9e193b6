import { randomBytes } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { TrialWriteRepository } from './persistence/trial-write.repository.js';
import { TRIAL_WRITE } from './work-kinds.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { BeginTrialWrite, GetTrialWrite, preflightsAtOnceMax } from '#libs/contracts/src/preflight.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { readAppAddress } from '#libs/egress/src/app-address.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import { markerOfBytes } from '#libs/parity/src/marker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const markerBytes = 7;

/** The trial write of a pre-flight: begun here, done by its worker. */
@Controller()
export class TrialWritesController {
  constructor(
    private readonly trials: TrialWriteRepository,
    private readonly policy: EgressPolicy,
    private readonly queue: WorkQueue,
  ) {}

  @Answers(BeginTrialWrite)
  async begin({ preflightId, url: given }: DataOf<typeof BeginTrialWrite>, tx: Tx) {
    const url = readAppAddress(this.policy, given);
    await this.trials.lock(tx);
    await this.trials.forgetOld(tx);
    if (await this.trials.find(tx, preflightId)) return { preflightId };
    if ((await this.trials.countUnderWay(tx)) >= preflightsAtOnceMax)
      throw new Problem('limit-reached', `${preflightsAtOnceMax} trial writes are under way.`, 'Try again in some seconds.'); // prettier-ignore
    await this.trials.ask(tx, { preflightId, url, marker: markerOfBytes(randomBytes(markerBytes)) });
    await this.queue.schedule(tx, TRIAL_WRITE, preflightId);
    return { preflightId };
  }

  @Answers(GetTrialWrite)
  async show({ preflightId }: DataOf<typeof GetTrialWrite>, tx: Tx) {
    return { trial: (await this.trials.find(tx, preflightId)) ?? null };
  }
}
