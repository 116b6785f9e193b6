import type { Browsers, HiredBrowser } from './browsers.js';
import { FormFilling } from './form-filling.js';
import type { BrowsingLimits, FormToSubmit, OpenFailure, PageAnswer, PausedPost, Submitted } from './messages.js';
import { whyNotOpened, type VisitEnd } from './open-failure.js';
import { letPageReact, lookAtPage } from './page-forms.js';
import { RequestGate } from './request-gate.js';
import { DocumentGone, Tab } from './tab.js';
import { tellUnlessExpected, VisitOver } from './trouble.js';
import { EgressError, type EgressCode } from '#libs/egress/src/egress-code.js';
import type { EgressProxy, OpenVisit } from '#libs/egress/src/egress-proxy.js';
import { unlessAborted } from '#libs/egress/src/deadline.js';
import type { StallMeter } from '#libs/egress/src/stall-meter.js';

const navigateMsMax = 15_000;
const formsMsMax = 8_000;
const lookAgainMs = 60;

export interface VisitParts {
  readonly browsers: Browsers;
  readonly proxy: EgressProxy;
  readonly stalls: StallMeter;
  readonly limits: BrowsingLimits;
  readonly carry: (request: PausedPost) => Promise<PageAnswer | null>;
}

/**
 * One visit to one app: a way out, a browser and a page, all for itself. It is over when it is closed, when its time, memory, requests or
 * bytes are used up, or when the page crashes or the browser ends; whatever waits for it then ends at once, and a browser that was not
 * left in order is killed.
 */
export class Visit {
  private readonly over = new AbortController();
  private readonly late: NodeJS.Timeout;
  private way: OpenVisit | undefined;
  private hired: HiredBrowser | undefined;
  private tab: Tab | undefined;
  private gate: RequestGate | undefined;
  private mayReact = false;

  constructor(
    private readonly appUrl: string,
    private readonly parts: VisitParts,
  ) {
    this.late = setTimeout(() => this.end('time'), parts.limits.visitMsMax);
  }

  /** Opens the page and waits for its forms; null when they are there. */
  async open(): Promise<OpenFailure | null> {
    const stalledBefore = this.parts.stalls.stalledMs();
    let errorText: string | undefined;
    try {
      await this.prepare();
      errorText = await this.unlessOver(this.tab!.navigate(`${this.appUrl}/`, navigateMsMax));
      if (errorText === undefined && (await this.showsForms(formsMsMax))) return null;
    } catch (error) {
      if (error instanceof EgressError)
        return { side: error.side, tryHttp: false, sentence: `The app cannot be visited: ${error.sentence}` };
      tellUnlessExpected(error);
      if (!this.tab) return { side: 'ours', tryHttp: true, sentence: 'No browser could be started.' };
    }
    return whyNotOpened({
      errorText,
      refused: this.refusedOwn(),
      status: await this.status(),
      end: this.endedBy,
      strayRequests: this.gate?.strayRequests ?? 0,
      stalled: this.parts.stalls.stalledMs() - stalledBefore > stalledMsMax,
    });
  }

  async submit(form: FormToSubmit): Promise<Submitted> {
    const { tab, gate } = this;
    if (!tab || !gate || this.over.signal.aborted) return { how: 'untouched', stalled: false };
    const stalledBefore = this.parts.stalls.stalledMs();
    const expected = gate.expect(form);
    const filling = new FormFilling(tab, form, expected, {
      limits: this.parts.limits,
      unlessOver: (work) => this.unlessOver(work),
      showsForms: () => this.showsFormsAgain(),
    });
    try {
      const how = await filling.submit();
      return { how, stalled: this.parts.stalls.stalledMs() - stalledBefore > stalledMsMax };
    } finally {
      expected.close();
      this.mayReact = true;
    }
  }

  async close(): Promise<void> {
    const isWell = !this.over.signal.aborted;
    this.end('closed');
    await Promise.all([this.hired?.giveBack(isWell), this.way?.close()]);
  }

  private async prepare(): Promise<void> {
    const { browsers, proxy, limits, carry } = this.parts;
    const { origin } = new URL(this.appUrl);
    const way = (this.way = await proxy.openFor([origin]));
    const hired = (this.hired = await browsers.hire(way.port));
    hired.ended.addEventListener('abort', () => this.end(hired.ended.reason as VisitEnd), { once: true });
    way.ended.addEventListener('abort', () => this.end('requests'), { once: true });
    this.tab = await this.unlessOver(Tab.open(hired.browser, hired.context, () => this.end('crashed')));
    this.gate = new RequestGate({
      ...{ cdp: this.tab.cdp, origin, carry, requestsMax: limits.requestsMax },
      strayRequestsMax: limits.strayRequestsMax,
      proxy: { username: way.username, password: way.token },
      onLimit: () => this.end('requests'),
    });
    await this.unlessOver(this.gate.open());
  }

  /** Waits until the forms are mounted; false when the time is up. */
  private async showsForms(msMax: number): Promise<boolean> {
    for (const end = performance.now() + msMax; performance.now() < end; await this.pause()) {
      const page = await this.unlessOver(this.tab!.call(lookAtPage)).catch(unlessDocumentGone);
      if (page?.mounted) return true;
      if (page && page.status >= 400) return false;
    }
    return false;
  }

  /** A page that went elsewhere after a write is opened anew. */
  private async showsFormsAgain(): Promise<boolean> {
    if (this.mayReact) await this.unlessOver(this.tab!.call(letPageReact)).catch(unlessDocumentGone);
    this.mayReact = false;
    if (await this.showsForms(1_000)) return true;
    const errorText = await this.unlessOver(this.tab!.navigate(`${this.appUrl}/`, navigateMsMax));
    return errorText === undefined && this.showsForms(formsMsMax);
  }

  private async status(): Promise<number> {
    if (!this.tab || this.over.signal.aborted) return 0;
    const page = await this.unlessOver(this.tab.call(lookAtPage)).catch(() => undefined); // no document: no status
    return page?.status ?? 0;
  }

  /** The last word of the proxy about the app's own origin. */
  private refusedOwn(): EgressCode | undefined {
    const { origin, host } = new URL(this.appUrl);
    const isOwn = (target: string) =>
      target === host || target.startsWith(`${host}:`) || target.startsWith(`${origin}/`);
    return this.way?.refused.findLast(({ target }) => isOwn(target))?.code;
  }

  private get endedBy(): VisitEnd | undefined {
    return this.over.signal.aborted ? (this.over.signal.reason as VisitOver).end : undefined;
  }

  private unlessOver<T>(work: Promise<T>): Promise<T> {
    work.catch(() => undefined); // when the visit is over already nobody waits for it
    return unlessAborted(work, this.over.signal);
  }

  private pause(): Promise<void> {
    return this.unlessOver(new Promise((done) => setTimeout(done, lookAgainMs)));
  }

  private end(why: VisitEnd): void {
    if (this.over.signal.aborted) return;
    clearTimeout(this.late);
    this.over.abort(new VisitOver(why));
    // A browser that was not left in order is ended at once: it may be eating the machine.
    if (why !== 'closed') void this.hired?.giveBack(false);
  }
}

/** A shorter stall decides nothing. */
const stalledMsMax = 500;

function unlessDocumentGone(error: unknown): undefined {
  if (!(error instanceof DocumentGone)) throw error;
}
