import { Injectable } from '@nestjs/common';
import type { SendResult } from './fill-driver.js';
import { judgeAnswer } from '../domain/write-answer.js';
import { sentence } from '../domain/sentence.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { EgressClient, type EgressAnswer } from '#libs/egress/src/egress-client.js';
import { EgressError, type EgressCode } from '#libs/egress/src/egress-code.js';

/** One limit of time and size for both drivers: the same app has the same outcome. */
const writeMsMax = 10_000;
const answerBytesMax = 64 * 1024;

export interface WriteRequest {
  readonly kind: WritePayload['kind'];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Less than the usual limit of time. */
  readonly msMax?: number;
}

export interface Sent {
  readonly result: SendResult;
  readonly answer: EgressAnswer | undefined;
  /** What went wrong on the way, when something did. */
  readonly code: EgressCode | null;
}

/**
 * Sends the request of a write: once, never following a redirect, and certain when it says that nothing left. Both drivers send through
 * here, so a write is sent by nobody else. The answer, 64 kB at most, is the only foreign JSON that is parsed in this process, and only
 * when it is short.
 */
@Injectable()
export class WriteSender {
  constructor(private readonly client: EgressClient) {}

  async send({ kind, msMax = writeMsMax, ...request }: WriteRequest, signal: AbortSignal): Promise<Sent> {
    try {
      const answer = await this.client.request({
        ...{ method: 'POST', ...request, signal },
        limits: {
          totalMs: msMax,
          headersMs: msMax,
          bodyBytesMax: answerBytesMax,
          wireBytesMax: answerBytesMax,
        },
      });
      const { outcome, reason } = judgeAnswer(kind, answer.status, answer.body.toString('utf8'));
      return { result: { outcome, status: answer.status, reason }, answer, code: null };
    } catch (error) {
      return {
        result: resultOf(kind, error),
        answer: undefined,
        code: error instanceof EgressError ? error.code : null,
      };
    }
  }
}

/** An error that is none of egress's is a fault of ours, and tells nothing about what left. */
function resultOf(kind: WritePayload['kind'], error: unknown): SendResult {
  if (!(error instanceof EgressError))
    return { outcome: 'unknown', status: null, reason: 'The lab failed while it was sending.' };
  const { status = null, maybeSent, side } = error;
  const reason = sentence(error.sentence);
  if (!maybeSent) return { outcome: side === 'ours' ? 'not-sent' : 'refused', status, reason };
  // The head of an answer has come: a plain "no" needs no body.
  const said = status === null ? undefined : judgeAnswer(kind, status, undefined);
  return { outcome: said?.outcome === 'refused' ? 'refused' : 'unknown', status, reason };
}
