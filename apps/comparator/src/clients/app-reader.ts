import { Injectable } from '@nestjs/common';
import type { Endpoint } from '../domain/endpoints.js';
import type { FetchedBody } from '../judging/judge-job.js';
import { EgressClient, type EgressAnswer } from '#libs/egress/src/egress-client.js';
import { EgressError } from '#libs/egress/src/egress-code.js';

const bodyBytesMax = 16 * 1024 * 1024;
const readMsMax = 20_000;

/** Reads one endpoint of one app. What the app can cause is an answer, not an exception. */
@Injectable()
export class AppReader {
  constructor(private readonly client: EgressClient) {}

  async read(appUrl: string, endpoint: Endpoint, signal: AbortSignal): Promise<FetchedBody> {
    const url = `${appUrl}${endpoint.request}`;
    const started = performance.now();
    try {
      const answer = await this.client.request({
        method: 'GET',
        url,
        headers: { accept: 'application/json' },
        limits: { bodyBytesMax, totalMs: readMsMax },
        signal,
      });
      return judgeStatus(url, answer);
    } catch (error) {
      if (!(error instanceof EgressError)) throw error;
      const fetched = {
        url,
        status: error.status ?? null,
        bodyBytes: 0,
        totalMs: round(performance.now() - started),
        problem: error.sentence,
      };
      return { ok: false, fetched, side: error.side === 'ours' ? 'ours' : 'theirs' };
    }
  }
}

function judgeStatus(url: string, { status, body, timings, redirect, date }: EgressAnswer): FetchedBody {
  const fetched = { url, status, bodyBytes: body.length, totalMs: round(timings.totalMs), problem: null };
  if (status === 200) return { ok: true, fetched, body, clock: date?.toISOString() ?? null };
  const problem = redirect ? redirect.sentence : `It answered ${status} instead of 200.`;
  return { ok: false, fetched: { ...fetched, problem }, side: 'theirs' };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
