import { Injectable } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { BrowserSession } from './browser-session.js';
import { BrowsingLost, type BrowsingProcess, type OpenedVisit } from './browsing-process.js';
import { VisitFailed, type FillDriver, type FillSession } from './fill-driver.js';
import { WriteSender } from './write-sender.js';
import { unlessAborted } from '#libs/egress/src/deadline.js';
import { inChildSpan } from '#libs/platform/src/telemetry/spans.js';

/** A process that dies under a visit may have died of another's page: the visit is begun again, a few times. */
const processesPerVisit = 3;
/** Whatever leaks in the process ends with it. */
const visitsPerProcess = 1_000;

/**
 * Fills an app through its page, in a real browser of a process of its own. The page fills and submits; what it would send is sent by
 * this process, under the fence and the trace of the fill, so that whatever becomes of page, browser and process, the outcome is known
 * here.
 */
@Injectable()
export class BrowserDriver implements FillDriver {
  readonly name = 'browser';
  private process: Promise<BrowsingProcess> | undefined;
  private readonly ending = new Set<Promise<void>>();

  constructor(
    private readonly start: () => Promise<BrowsingProcess>,
    private readonly sender: WriteSender,
  ) {}

  open(appUrl: string, signal: AbortSignal): Promise<FillSession> {
    return inChildSpan('browser open page', { kind: SpanKind.CLIENT }, async () => {
      const visit = await this.visit(appUrl, signal);
      if (!visit.failure) return traced(new BrowserSession(appUrl, visit, this.sender));
      await leave(visit);
      const { side, tryHttp, sentence } = visit.failure;
      throw new VisitFailed(side, tryHttp, sentence);
    });
  }

  async close(): Promise<void> {
    const known = await this.process?.catch(() => undefined);
    if (known) this.retire(known);
    await Promise.all(this.ending);
  }

  private async visit(appUrl: string, signal: AbortSignal): Promise<OpenedVisit> {
    for (let tries = 1; ; tries += 1) {
      const process = await this.hire();
      try {
        return await orLeave(process.open(appUrl), signal);
      } catch (error) {
        if (signal.aborted) throw new VisitFailed('ours', false, 'The visit was given up by the lab.');
        if (!(error instanceof BrowsingLost)) throw error;
        if (tries === processesPerVisit) throw new VisitFailed('ours', true, 'No browser could be kept running.');
      }
    }
  }

  private async hire(): Promise<BrowsingProcess> {
    const known = await this.process?.catch(() => undefined);
    if (known && (!known.isUsable || known.visits >= visitsPerProcess)) this.retire(known);
    const starting = (this.process ??= this.start());
    try {
      return await starting;
    } catch (error) {
      // The next visit tries again. The words are those of libs/local, and say what to install.
      if (this.process === starting) this.process = undefined;
      throw new VisitFailed('ours', true, error instanceof Error ? error.message : String(error));
    }
  }

  private retire(process: BrowsingProcess): void {
    this.process = undefined;
    const ended = process.end().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }
}

/** A visit that opens after nobody waits for it any more is closed. */
function orLeave(opening: Promise<OpenedVisit>, signal: AbortSignal): Promise<OpenedVisit> {
  return unlessAborted(opening, signal).catch((error: unknown) => {
    if (signal.aborted) void opening.then(leave, () => undefined);
    throw error;
  });
}

/** A process that cannot close a visit has ended, and the visit with it. */
const leave = (visit: OpenedVisit): Promise<void> =>
  visit.close().catch((error: unknown) => {
    if (!(error instanceof BrowsingLost)) throw error;
  });

/** Each write in a span of its own, in the trace of its fill. */
const traced = (session: FillSession): FillSession => ({
  send: (payload, signal) =>
    inChildSpan(`browser submit ${payload.kind}`, { kind: SpanKind.CLIENT }, () => session.send(payload, signal)),
  close: () => session.close(),
});
