import type { Faulty } from './faults.js';
import { SimulatedJournal, type ReadKind, type Traits } from './journal.js';
import type { Endpoint } from '../../src/domain/endpoints.js';
import type { Obligation } from '../../src/domain/obligation.js';
import type { FetchedBody } from '../../src/judging/judge-job.js';
import type { WritePayload, WriteKind } from '#libs/contracts/src/filler.js';

/** A write as the lab remembers it; the time is that of an acknowledgement. */
export interface SentWrite extends Obligation {
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
}

/** A stretch of the lab's time, in ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
export const isInside = (spans: readonly Span[], moment: number): boolean =>
  spans.some(({ from, to }) => moment >= from && moment <= to);

/** What a read came to: a body, or the ways in which there is none. */
export type Answered =
  | { readonly kind: 'body'; readonly body: object | string }
  | { readonly kind: 'failed'; readonly failure: string; readonly status: number | null; readonly problem: string };

/** The baseline or an app: a journal, the times at which it is away, and its fault if it has one. */
export class SimulatedTarget {
  readonly journal: SimulatedJournal;
  readonly writes: Record<WriteKind, SentWrite[]> = { entry: [], mood: [], value: [] };
  away: readonly Span[] = [];

  constructor(
    traits: Traits,
    readonly fault?: Faulty,
  ) {
    this.journal = new SimulatedJournal(traits);
  }

  /** An acknowledged write; what a faulty app makes of it is its own business. */
  take(payload: WritePayload, landed: number): void {
    if (this.fault?.store) this.fault.store(payload, landed, this.journal);
    else this.journal.store(payload, landed);
  }

  read(endpoint: Endpoint, moment: number): FetchedBody {
    const answered = this.answered(endpoint.kind, moment);
    const head = { url: `http://app.example${endpoint.request}`, totalMs: 20 };
    if (answered.kind === 'failed') {
      const { status, problem, failure } = answered;
      return { ok: false, fetched: { ...head, status, bodyBytes: 0, problem, failure }, side: 'theirs' };
    }
    const body = bytesOf(answered.body);
    const fetched = { ...head, status: 200, bodyBytes: body.length, problem: null };
    return { ok: true, fetched, body, clock: this.journal.clockAt(moment) };
  }

  private answered(kind: ReadKind, moment: number): Answered {
    if (isInside(this.away, moment)) return away503;
    const asked = (at: number, other: ReadKind = kind) => JSON.parse(this.journal.answer(other, at)) as object;
    return this.fault?.read?.({ kind, moment, asked }) ?? { kind: 'body', body: this.journal.answer(kind, moment) };
  }
}

export const away503: Answered = {
  ...{ kind: 'failed', failure: 'status', status: 503, problem: 'It answered 503 instead of 200.' },
};

const utf8 = new TextEncoder();
const bytesOf = (body: object | string): Uint8Array =>
  utf8.encode(typeof body === 'string' ? body : JSON.stringify(body));
