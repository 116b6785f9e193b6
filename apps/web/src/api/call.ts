import type { ProblemDocument } from '#libs/contracts/src/problem.js';

/** An answer that is not the one hoped for; `document` is what the page shows. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(readonly document: ProblemDocument) {
    super(document.detail);
  }

  /** `url-claimed`, `sign-in-needed` … : the last part of the problem's type. */
  get kind(): string {
    return this.document.type.split(':').at(-1) ?? '';
  }

  /** Whether asking again may help without anybody changing anything. */
  get isPassing(): boolean {
    return this.document.side !== 'yours' && this.document.status >= 500;
  }
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same key and body again take effect once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

const deadlineMs = 15_000;

/** Calls the gateway. Everything that goes wrong, the network included, leaves as an ApiProblem. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const { method = 'GET', body, headers, idempotencyKey, signal } = options;
  const late = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    if (!response.ok) throw new ApiProblem(await problemOf(response));
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (error) {
    if (error instanceof ApiProblem || signal?.aborted) throw error;
    throw new ApiProblem(noAnswer(late.aborted));
  }
}

async function problemOf(response: Response): Promise<ProblemDocument> {
  try {
    const document = (await response.json()) as Partial<ProblemDocument>;
    if (typeof document.detail === 'string' && typeof document.next === 'string') return document as ProblemDocument;
  } catch {
    // not JSON: something between the page and Lockstep answered
  }
  return {
    type: 'urn:lockstep:problem:fault',
    title: 'An answer that makes no sense',
    status: response.status,
    detail: `Something answered HTTP ${response.status} without saying why.`,
    side: 'ours',
    next: 'Try again; tell staff if it stays.',
  };
}

const noAnswer = (late: boolean): ProblemDocument => ({
  type: 'urn:lockstep:problem:no-connection',
  title: late ? 'No answer in time' : 'No connection',
  status: 503,
  detail: late
    ? `Lockstep did not answer within ${deadlineMs / 1_000} s.`
    : 'This page could not reach Lockstep: it may be restarting, or your network is down.',
  side: 'ours', // nobody can tell from here; the note says so
  next: 'Nothing you typed is lost. Try again in a moment.',
});

/** A random UUID, also where the page is not served over https and the browser offers none. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
