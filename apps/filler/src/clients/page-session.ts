import type { HTTPRequest, HTTPResponse, Page } from 'puppeteer-core';
import type { FillSession, SendResult } from './fill-driver.js';
import { judgeAnswer } from './http-driver.js';
import { canSubmit, fillFields, pressSubmit } from './page-forms.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';

/** How long a form may take to accept the press, to send, and the app to answer. */
const readyMsMax = 3_000;
const sendMsMax = 3_000;
const answerMsMax = 12_000;

/** One open page of an app: fills its forms, and believes the network, not the page, about what became of it. */
export class PageSession implements FillSession {
  constructor(
    private readonly page: Page,
    private readonly end: () => Promise<void>,
  ) {}

  close(): Promise<void> {
    return this.end();
  }

  async send(payload: WritePayload): Promise<SendResult> {
    const post = new ExpectedPost(this.page, needleOf(payload));
    try {
      const { id, text, note } = fieldsOf(payload);
      if (!(await this.page.evaluate(fillFields, id, text, note))) return notSent('The page has lost its form.');
      await this.page.waitForFunction(canSubmit, { timeout: readyMsMax, polling: 50 }, id);
      await this.page.evaluate(pressSubmit, id);
      return await post.outcome();
    } catch (error) {
      return post.request
        ? unknown('The page or the browser broke off while the app was answering.')
        : this.notPressed(error);
    } finally {
      post.stop();
    }
  }

  /** Nothing left the page. A form that cannot be pressed is the app's; a browser that is gone is ours. */
  private notPressed(error: unknown): SendResult {
    if (error instanceof Error && error.name === 'TimeoutError' && this.page.browser().connected) {
      return { outcome: 'refused', status: null, reason: 'The form’s button stayed disabled.' };
    }
    return notSent(
      `The browser failed before anything was sent: ${error instanceof Error ? error.message : String(error)}`.slice(
        0,
        200,
      ),
    );
  }
}

const notSent = (reason: string): SendResult => ({ outcome: 'not-sent', status: null, reason });
const unknown = (reason: string): SendResult => ({ outcome: 'unknown', status: null, reason });

function fieldsOf(payload: WritePayload): { id: string; text: string; note: string | null } {
  if (payload.kind === 'entry') return { id: 'entry-input', text: payload.text, note: null };
  if (payload.kind === 'mood') return { id: 'mood-select', text: payload.mood, note: payload.note };
  return { id: 'legacy-value-input', text: String(payload.value), note: null };
}

/** What only this write's request has in its body. JSON may escape what is not ASCII, so the marker alone is looked for. */
function needleOf(payload: WritePayload): string {
  if (payload.kind === 'value') return String(payload.value);
  const text = payload.kind === 'entry' ? payload.text : payload.note;
  return text.slice(text.lastIndexOf('~'));
}

/** Waits for the one POST that carries a write, and for its answer. */
class ExpectedPost {
  request: HTTPRequest | undefined;
  private readonly sent = new Signal();
  private readonly answered = new Signal();
  private response: HTTPResponse | undefined;

  constructor(
    private readonly page: Page,
    private readonly needle: string,
  ) {
    page.on('request', this.onRequest).on('response', this.onResponse).on('requestfailed', this.onFailed);
  }

  stop(): void {
    this.page.off('request', this.onRequest).off('response', this.onResponse).off('requestfailed', this.onFailed);
  }

  async outcome(): Promise<SendResult> {
    if (!(await this.sent.within(sendMsMax)))
      return { outcome: 'refused', status: null, reason: 'The form was submitted, but the page sent nothing.' };
    await this.answered.within(answerMsMax);
    if (!this.response) return unknown('The page sent it; no answer was seen.');
    return judgeResponse(this.response);
  }

  private readonly onRequest = (request: HTTPRequest): void => {
    if (this.request || request.method() !== 'POST' || !request.postData()?.includes(this.needle)) return;
    this.request = request;
    this.sent.ring();
  };
  private readonly onResponse = (response: HTTPResponse): void => {
    if (response.request() !== this.request) return;
    this.response = response;
    this.answered.ring();
  };
  private readonly onFailed = (request: HTTPRequest): void => {
    if (request === this.request) this.answered.ring();
  };
}

/** Our own proxy says when it could not reach the app: then nothing, or nobody knows what, arrived. */
async function judgeResponse(response: HTTPResponse): Promise<SendResult> {
  const refusal = response.headers()['x-lockstep-egress'];
  if (refusal === 'connection-lost') return unknown('The connection was closed before an answer.');
  if (refusal === 'page-limit' || refusal === 'busy' || refusal === 'aborted')
    return notSent(`The visit was ended by the lab (${refusal}).`);
  if (refusal !== undefined)
    return { outcome: 'refused', status: null, reason: `The app could not be reached (${refusal}).` };
  const body = await response.text().catch(() => '');
  return judgeAnswer({ status: response.status(), body, redirect: undefined });
}

class Signal {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** True when it rang within the time. */
  async within(ms: number): Promise<boolean> {
    if (this.rung) return true;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    return this.rung;
  }
}
