import { context } from '@opentelemetry/api';
import { BrowsingLost, type OpenedVisit } from './browsing-process.js';
import type { FillSession, SendResult } from './fill-driver.js';
import type { Sent, WriteSender } from './write-sender.js';
import type { PageAnswer, PausedPost, Submitted } from '../browsing/messages.js';
import { formOf, needleOf, requestOf, sameRoute } from '../domain/write-request.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { unlessAborted } from '#libs/egress/src/deadline.js';

/**
 * One open page of an app. Its form is filled and submitted over there; the request that comes of it is sent from here, once, and the
 * page gets the answer. What that answer says is the outcome, whatever the page shows and whatever becomes of it.
 */
export class BrowserSession implements FillSession {
  constructor(
    private readonly appUrl: string,
    private readonly visit: OpenedVisit,
    private readonly sender: WriteSender,
  ) {}

  async close(): Promise<void> {
    try {
      await this.visit.close();
    } catch (error) {
      if (!(error instanceof BrowsingLost)) throw error; // then the page is closed as well
    }
  }

  async send(payload: WritePayload, signal: AbortSignal): Promise<SendResult> {
    const base = new URL(this.appUrl);
    const route = `${base.pathname.replace(/\/$/, '')}${requestOf(payload).path}`;
    const carried = new CarriedWrite(payload, route, (request) => this.carry(payload, base, request, signal));
    // What the page sends arrives outside of any trace; it belongs to this one.
    this.visit.onPost = context.bind(context.active(), (request: PausedPost) => carried.take(request));
    const submitted = await this.submit(payload, route, signal);
    this.visit.onPost = () => Promise.resolve(null);
    return (await carried.result()) ?? uncarried(submitted, carried.wentElsewhere, route);
  }

  private async submit(payload: WritePayload, route: string, signal: AbortSignal): Promise<Submitted> {
    const form = { ...formOf(payload), route, needle: needleOf(payload) };
    try {
      return await unlessAborted(this.visit.submit(form), signal);
    } catch (error) {
      const isLost = error instanceof BrowsingLost;
      if (!signal.aborted && !isLost) throw error;
      return { how: isLost && !error.wasTold ? 'untouched' : 'broken', stalled: false };
    }
  }

  private carry(payload: WritePayload, { origin }: URL, request: PausedPost, signal: AbortSignal): Promise<Sent> {
    const url = `${origin}${request.path}`;
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ours.test(name)));
    return this.sender.send({ kind: payload.kind, url, headers, body: Buffer.from(request.body) }, signal);
  }
}

/** What the egress client sets itself, and what belongs to a connection that the page does not have. */
const ours =
  /^(host|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|expect|accept-encoding|proxy-.*)$/i;

/** The requests that one write made: the one to the contract's route decides, and is sent once; drafts and the like are just sent. */
class CarriedWrite {
  wentElsewhere = false;
  private sending: Promise<Sent> | undefined;

  constructor(
    private readonly payload: WritePayload,
    private readonly route: string,
    private readonly send: (request: PausedPost) => Promise<Sent>,
  ) {}

  async take(request: PausedPost): Promise<PageAnswer | null> {
    // The other process says that this is a write of its app; believed is what can be seen here.
    const isOfOurs = Buffer.from(request.body).includes(needleOf(this.payload)) && request.path.startsWith('/');
    if (!isOfOurs) return null;
    if (!sameRoute(request.path, this.route)) {
      this.wentElsewhere = true;
      return forPage(await this.send(request));
    }
    if (this.sending) return null;
    this.sending = this.send(request);
    return forPage(await this.sending);
  }

  /** Undefined when nothing was sent to the contract's route. The form had been pressed by then: "not sent" is not certain any more. */
  async result(): Promise<SendResult | undefined> {
    if (!this.sending) return undefined;
    const { result } = await this.sending;
    return result.outcome === 'not-sent' ? { ...result, outcome: 'unknown' } : result;
  }
}

function uncarried({ how, stalled }: Submitted, wentElsewhere: boolean, route: string): SendResult {
  const result = (outcome: SendResult['outcome'], reason: string): SendResult => ({ outcome, status: null, reason });
  if (how === 'untouched') return result('not-sent', 'The page no longer shows its form.');
  if (how === 'broken' || how === 'answered')
    return result('unknown', 'The page or the browser broke off before its request was seen.');
  if (how === 'no-request')
    return result('unknown', `The form was submitted, and no request of it to ${route.slice(0, 100)} was seen.`);
  return result(stalled || wentElsewhere ? 'unknown' : 'refused', 'The form’s button stayed disabled.');
}

/** A redirect is not given to the page: it would be followed. Lengths and encodings are those of another connection. */
function forPage({ answer }: Sent): PageAnswer | null {
  if (!answer || answer.redirect || answer.status < 200) return null;
  const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const kept = headers.filter(([name]) => !ours.test(name) && !/^(content-encoding|set-cookie2)$/i.test(name));
  return { status: answer.status, headers: kept, body: answer.body };
}
