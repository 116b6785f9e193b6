import { Injectable } from '@nestjs/common';
import type { FillDriver, FillSession, SendResult } from './fill-driver.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { EgressClient, type EgressAnswer } from '#libs/egress/src/egress-client.js';
import { EgressError } from '#libs/egress/src/egress-code.js';

const answerBytesMax = 64 * 1024;
const writeMsMax = 10_000;

/** Fills an app through its API, one request after the other. */
@Injectable()
export class HttpDriver implements FillDriver {
  readonly name = 'http';

  constructor(private readonly client: EgressClient) {}

  async open(appUrl: string): Promise<FillSession> {
    return { send: (payload, signal) => this.send(appUrl, payload, signal), close: async () => {} };
  }

  private async send(appUrl: string, payload: WritePayload, signal: AbortSignal): Promise<SendResult> {
    const { path, body } = requestOf(payload);
    try {
      const answer = await this.client.request({
        method: 'POST',
        url: `${appUrl}${path}`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        limits: { totalMs: writeMsMax, bodyBytesMax: answerBytesMax },
        signal,
      });
      return judgeAnswer(answer);
    } catch (error) {
      if (error instanceof EgressError) return judgeError(error);
      throw error;
    }
  }
}

/** Route and body of each kind of write, as the reference app takes them; a value travels as text, like its form sends it. */
export function requestOf(payload: WritePayload): { path: string; body: Record<string, string> } {
  if (payload.kind === 'entry') return { path: '/api/journal/entries', body: { text: payload.text } };
  if (payload.kind === 'mood') return { path: '/api/moods', body: { mood: payload.mood, note: payload.note } };
  return { path: '/api/server/values', body: { value: String(payload.value) } };
}

/** 2xx means "I have it", unless the body says otherwise in the reference app's words. A redirect is not followed, so it took nothing. */
export function judgeAnswer({
  status,
  body,
  redirect,
}: Pick<EgressAnswer, 'status' | 'redirect'> & { body: Buffer | string }): SendResult {
  if (redirect) return { outcome: 'refused', status, reason: `It answered ${status}: ${redirect.sentence}` };
  if (status < 200 || status > 299) return { outcome: 'refused', status, reason: `It answered ${status}.` };
  const said = body.toString('latin1' as never).slice(0, 4_096);
  if (/"(ok|working)"\s*:\s*false/.test(said))
    return { outcome: 'refused', status, reason: `It answered ${status}, and that it did not take it.` };
  return { outcome: 'acknowledged', status, reason: null };
}

function judgeError(error: EgressError): SendResult {
  const { sentence: reason, status = null } = error;
  if (error.maybeSent) return { outcome: 'unknown', status, reason };
  return { outcome: error.side === 'ours' ? 'not-sent' : 'refused', status, reason };
}
