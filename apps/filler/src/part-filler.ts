import { Inject, Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { BROWSER_DRIVER, HTTP_DRIVER } from './clients/driver-tokens.js';
import { VisitFailed, type FillDriver, type FillSession } from './clients/fill-driver.js';
import { MarkerReader } from './clients/marker-reader.js';
import { PartLog } from './part-log.js';
import type { Part } from './persistence/fill.repository.js';
import type { LoggedWrite } from './persistence/write.repository.js';
import type { FillDriver as DriverName } from '#libs/contracts/src/shapes.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import { passing } from '#libs/platform/src/failpoint.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';

/** One part takes at most this long; a write that is under way then still gets its answer. */
const partMsMax = 60_000;

/** What one attempt at a part did; the outcomes themselves are in the send log already. */
export interface PartSeen {
  readonly part: Part;
  readonly driver: DriverName;
}

/**
 * Fills one target: marks each write sent on disk, sends it, records how it went. Started again after a crash it goes on with
 * what was never sent, and looks for the markers of what may have been.
 */
@Injectable()
export class PartFiller {
  constructor(
    @Inject(BROWSER_DRIVER) private readonly browser: FillDriver,
    @Inject(HTTP_DRIVER) private readonly http: FillDriver,
    private readonly reader: MarkerReader,
    private readonly log: PartLog,
  ) {}

  async fill(claim: Claim): Promise<PartSeen | null> {
    const opened = await this.log.begin(claim);
    if (!opened) return null;
    const { part, writes } = opened;
    trace.getActiveSpan()?.setAttributes({ [attribute.fillNumber]: part.number, [attribute.targetRole]: part.role });
    const planned = writes.filter((write) => write.state === 'planned');
    const driver = planned.length > 0 ? await this.sendAll(claim, part, planned) : part.driver;
    await this.resolveUnknown(claim, part);
    return { part, driver };
  }

  /** Over the part's driver; where the page has no forms, or our browser has failed before, over HTTP. */
  private async sendAll(claim: Claim, part: Part, planned: readonly LoggedWrite[]): Promise<DriverName> {
    const deadline = AbortSignal.timeout(partMsMax);
    const driver = part.driver === 'browser' && claim.attempt < 3 ? this.browser : this.http;
    let session: FillSession;
    try {
      session = await driver.open(part.url, deadline);
    } catch (error) {
      if (!(error instanceof VisitFailed)) throw error;
      if (error.noForms) return this.sendOver(this.http, claim, { part, planned, deadline });
      if (error.side === 'ours') throw error;
      await this.log.refuseAll(claim, planned, error.message);
      return driver.name;
    }
    return this.sendWith(session, driver.name, claim, { part, planned, deadline });
  }

  private async sendOver(driver: FillDriver, claim: Claim, visit: Visit): Promise<DriverName> {
    return this.sendWith(await driver.open(visit.part.url, visit.deadline), driver.name, claim, visit);
  }

  private async sendWith(
    session: FillSession,
    driver: DriverName,
    claim: Claim,
    { planned, deadline }: Visit,
  ): Promise<DriverName> {
    try {
      for (const write of planned) {
        if (claim.signal.aborted) throw new Error('interrupted between two writes');
        if (deadline.aborted) break;
        await this.sendOne(session, driver, claim, write);
      }
      return driver;
    } finally {
      await session.close();
    }
  }

  private async sendOne(session: FillSession, driver: DriverName, claim: Claim, write: LoggedWrite): Promise<void> {
    if (!(await this.log.markSent(claim, write, driver))) return;
    await passing('fill:marked-sent');
    const result = await session.send(write.payload, AbortSignal.timeout(15_000));
    await passing('fill:sent');
    await this.log.end(claim, write, result);
    if (result.outcome === 'not-sent') throw new Error(result.reason ?? 'a write was not sent');
  }

  /** Sent in an earlier life or without an answer: never sent again, only looked for. */
  private async resolveUnknown(claim: Claim, part: Part): Promise<void> {
    for (const write of await this.log.unresolved(claim, part)) {
      const seen = await this.reader.shows(part.url, write.marker, write.payload, AbortSignal.timeout(15_000));
      const reason = seen
        ? 'No answer was seen; the row was found by its marker.'
        : (write.reason ?? 'No answer was seen, and the row was not found.');
      await this.log.end(claim, write, { outcome: seen ? 'acknowledged' : 'unknown', status: write.status, reason });
    }
  }
}

interface Visit {
  readonly part: Part;
  readonly planned: readonly LoggedWrite[];
  readonly deadline: AbortSignal;
}
