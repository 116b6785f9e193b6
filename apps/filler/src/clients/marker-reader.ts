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

export interface MarkedWrite {
  readonly marker: string;
  readonly payload: WritePayload;
}

/** `shown`, `absent`: the app showed its list. `no-answer`: it did not. `not-asked`: our side could not ask. */
export type Sighting = 'shown' | 'absent' | 'no-answer' | 'not-asked';

/** Looks in what an app shows for the trace of writes. The bytes are searched, not parsed. */
@Injectable()
export class MarkerReader {
  constructor(private readonly client: EgressClient) {}

  /** One sighting per write, in their order; every list is read once. */
  async look(appUrl: string, writes: readonly MarkedWrite[], signal: AbortSignal): Promise<Sighting[]> {
    const lists = new Map<string, Promise<Buffer | 'no-answer' | 'not-asked'>>();
    const listFor = ({ payload: { kind } }: MarkedWrite) => {
      const list = lists.get(kind) ?? this.read(`${appUrl}${listOf[kind]}`, signal);
      lists.set(kind, list);
      return list;
    };
    return Promise.all(
      writes.map(async (write) => {
        const list = await listFor(write);
        if (typeof list === 'string') return list;
        return isIn(list, write) ? 'shown' : 'absent';
      }),
    );
  }

  private async read(url: string, signal: AbortSignal): Promise<Buffer | 'no-answer' | 'not-asked'> {
    try {
      const answer = await this.client.request({ method: 'GET', url, limits: { bodyBytesMax }, signal });
      return answer.status === 200 ? answer.body : 'no-answer';
    } catch (error) {
      if (!(error instanceof EgressError)) throw error;
      return error.side === 'ours' ? 'not-asked' : 'no-answer';
    }
  }
}

/** A text by its marker, a value as the number of a row: elsewhere the same digits may mean anything. */
function isIn(list: Buffer, { marker, payload }: MarkedWrite): boolean {
  if (payload.kind !== 'value') return list.includes(marker);
  return new RegExp(`"number"\\s*:\\s*"?${payload.value}(?![\\d.eE])`).test(list.toString('latin1'));
}
