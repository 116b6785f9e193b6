import { Inject, Injectable } from '@nestjs/common';
import { BROWSER_DRIVER, HTTP_DRIVER } from './clients/driver-tokens.js';
import { LabTrouble, VisitFailed, type FillDriver, type FillSession } from './clients/fill-driver.js';
import { driverOfAttempt, mayFallBack } from './domain/driver-choice.js';
import { FILLER_CONFIG, type FillerConfig } from './filler.config.js';
import { PartLog } from './part-log.js';
import type { Part } from './persistence/fill.repository.js';
import type { LoggedWrite } from './persistence/write.repository.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import { passing } from '#libs/platform/src/failpoint.js';

/** One attempt begins no write after this time; one that is under way then still gets its answer. */
const attemptMsMax = 60_000;
const writeMsMax = 30_000;

interface Attempt {
  readonly claim: Claim;
  readonly part: Part;
  readonly planned: readonly LoggedWrite[];
  readonly deadline: AbortSignal;
}

/** Sends the writes of a part that were never sent: marks each sent on disk, sends it, records how it went. */
@Injectable()
export class PartFiller {
  constructor(
    @Inject(BROWSER_DRIVER) private readonly browser: FillDriver,
    @Inject(HTTP_DRIVER) private readonly http: FillDriver,
    @Inject(FILLER_CONFIG) private readonly config: Pick<FillerConfig, 'fillDriver'>,
    private readonly log: PartLog,
  ) {}

  /** Throws LabTrouble when something of ours failed; then the rest may be tried again. */
  async send(claim: Claim, part: Part, planned: readonly LoggedWrite[]): Promise<void> {
    if (planned.length === 0) return;
    const attempt: Attempt = { claim, part, planned, deadline: AbortSignal.timeout(attemptMsMax) };
    const fallBack = mayFallBack(this.config.fillDriver, part.role);
    const name = driverOfAttempt(part.driver, fallBack, claim.attempt);
    const driver = name === 'browser' ? this.browser : this.http;
    try {
      await this.sendOver(driver, attempt);
    } catch (error) {
      if (!(error instanceof VisitFailed)) throw error;
      if (error.tryHttp && fallBack) return this.sendOver(this.http, attempt);
      // A baseline that opens slowly is no reason to do without it.
      if (error.side === 'ours' || (error.tryHttp && part.role !== 'app')) throw new LabTrouble(error.sentence);
      await this.log.endAll(claim, planned, 'refused', error.sentence);
    }
  }

  private async sendOver(driver: FillDriver, attempt: Attempt): Promise<void> {
    const { claim, part, planned, deadline } = attempt;
    const session = await driver.open(part.url, AbortSignal.any([deadline, claim.signal]));
    try {
      for (const write of planned) {
        if (claim.signal.aborted) throw new LabTrouble('interrupted between two writes');
        if (deadline.aborted) return;
        await this.sendOne(session, driver.name, claim, write);
      }
    } finally {
      await session.close();
    }
  }

  /** Neither a stop nor a lost claim interrupts a write: what has begun to be sent is sent, and its outcome recorded if it still may be. */
  private async sendOne(
    session: FillSession,
    driver: FillDriver['name'],
    claim: Claim,
    write: LoggedWrite,
  ): Promise<void> {
    if (!(await this.log.markSent(claim, write, driver))) return;
    await passing('fill:marked-sent');
    const result = await session.send(write.payload, AbortSignal.timeout(writeMsMax));
    await passing('fill:sent');
    await this.log.end(claim, write, result);
    if (result.outcome === 'not-sent') throw new LabTrouble('A write could not be sent; nothing of it left.');
  }
}
