import { Injectable } from '@nestjs/common';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressError } from '#libs/egress/src/egress-code.js';

/** Newest rows first, as many as the reference app shows at most. */
const listOf = {
  entry: '/api/journal/entries/all?limit=200',
  mood: '/api/moods/all?limit=100',
  value: '/api/server/values/all',
} as const;
const bodyBytesMax = 16 * 1024 * 1024;

/** Looks in what an app shows for the trace of a write whose answer we did not see. The bytes are searched, not parsed. */
@Injectable()
export class MarkerReader {
  constructor(private readonly client: EgressClient) {}

  /** True when it is there; false when it is not, or the app does not say. */
  async shows(appUrl: string, marker: string, payload: WritePayload, signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await this.client.request({
        method: 'GET',
        url: `${appUrl}${listOf[payload.kind]}`,
        limits: { bodyBytesMax },
        signal,
      });
      if (answer.status !== 200) return false;
      if (payload.kind !== 'value') return answer.body.includes(marker);
      return new RegExp(`[:\\s"]${payload.value}[\\s,}"]`).test(answer.body.toString('latin1'));
    } catch (error) {
      if (error instanceof EgressError) return false;
      throw error;
    }
  }
}
