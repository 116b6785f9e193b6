import { Injectable, Inject } from '@nestjs/common';
import { PROBE_CLIENT } from './probe-client.js';
import { WriteSender } from './write-sender.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressError } from '#libs/egress/src/egress-code.js';
import type { ProbeOutcome } from '#libs/proof/src/record.js';

const newestEntry = '/api/journal/entries/all?limit=1';
const newestEntries = '/api/journal/entries/all?limit=200';
const entries = '/api/journal/entries';
const listBytesMax = 4 * 1024 * 1024;

/** What an app said to one probe. */
export interface ProbeAnswer {
  readonly outcome: ProbeOutcome;
  readonly status: number | null;
  readonly code: string | null;
}
export interface ShownList extends ProbeAnswer {
  /** Empty when it was not shown. Latin-1: markers are found in it, nothing else is read. */
  readonly list: string;
}

/** Sends single probes, of windows and of trial writes; never throws for what an app can cause. */
@Injectable()
export class Prober {
  private readonly sender: WriteSender;

  constructor(@Inject(PROBE_CLIENT) private readonly client: EgressClient) {
    this.sender = new WriteSender(client);
  }

  async read(appUrl: string, msMax: number, signal: AbortSignal): Promise<ProbeAnswer> {
    const { outcome, status, code } = await this.get(`${appUrl}${newestEntry}`, msMax, signal);
    return { outcome, status, code };
  }

  list(appUrl: string, msMax: number, signal: AbortSignal): Promise<ShownList> {
    return this.get(`${appUrl}${newestEntries}`, msMax, signal);
  }

  async write(appUrl: string, text: string, msMax: number, signal: AbortSignal): Promise<ProbeAnswer> {
    const request = {
      ...{ kind: 'entry' as const, url: `${appUrl}${entries}`, body: JSON.stringify({ text }), msMax },
      headers: { 'content-type': 'application/json', accept: 'application/json' },
    };
    const { result, code } = await this.sender.send(request, signal);
    const outcome = { acknowledged: 'ok', refused: 'refused', unknown: 'unknown', 'not-sent': 'ours' } as const;
    // Given up by ourselves, or a defect of ours: nobody knows what became of it, and it says nothing about the app.
    const isOurs = code === 'aborted' || code === 'stalled' || (code === null && result.status === null);
    return { outcome: isOurs ? 'ours' : outcome[result.outcome], status: result.status, code };
  }

  private async get(url: string, msMax: number, signal: AbortSignal): Promise<ShownList> {
    const limits = { totalMs: msMax, headersMs: msMax, connectMs: msMax, bodyBytesMax: listBytesMax };
    try {
      const { status, body } = await this.client.request({ method: 'GET', url, limits, signal });
      if (status !== 200) return { outcome: 'failed', status, code: null, list: '' };
      return { outcome: 'ok', status, code: null, list: body.toString('latin1') };
    } catch (error) {
      if (!(error instanceof EgressError)) return { outcome: 'ours', status: null, code: 'fault', list: '' };
      const outcome = error.side === 'ours' ? 'ours' : 'failed';
      return { outcome, status: error.status ?? null, code: error.code, list: '' };
    }
  }
}
