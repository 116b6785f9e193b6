import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { askedFor, pathOf, type ReadKind, type WriteKind } from './asked.js';

/** What goes back: an answer, or a connection that is reset before any answer. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer | Readable;
}
export interface WholeAnswer extends Answer {
  body: Buffer;
}
export type Outcome = Answer | 'reset';

/** A body that a fault needs is held in memory up to here; a larger request passes unread, a larger answer fails. */
export const requestBytesMax = 1_048_576;
export const answerBytesMax = 33_554_432;

/** One request on its way to the app. It can be sent more than once, or late, when its body was read before. */
export class Exchange {
  readonly write?: WriteKind;
  readonly read?: ReadKind;

  private constructor(
    readonly method: string,
    readonly url: string,
    readonly headers: IncomingHttpHeaders,
    private readonly content: Content,
  ) {
    Object.assign(this, askedFor(method, url));
  }

  static of(request: IncomingMessage): Exchange {
    return new Exchange(request.method ?? 'GET', pathOf(request.url ?? '/'), request.headers, new Content(request));
  }

  /** A read of our own on the way that this request goes. */
  get(url: string): Exchange {
    return new Exchange('GET', url, { accept: 'application/json' }, new Content());
  }

  /** The posted JSON object; undefined for other content, for what is no JSON, and for bodies over the limit. */
  async json(): Promise<Record<string, unknown> | undefined> {
    if (!/^application\/json\b/i.test(this.headers['content-type'] ?? '')) return undefined;
    const bytes = await this.content.whole();
    return bytes && parseObject(bytes);
  }

  /** The same request with another JSON body. */
  withJson(value: object): Exchange {
    return new Exchange(
      this.method,
      this.url,
      this.headers,
      new Content(undefined, Buffer.from(JSON.stringify(value))),
    );
  }

  /** The body to send: bytes when it is known whole, else a stream that can be read once. */
  body(): Buffer | Readable {
    return this.content.toSend();
  }
}

class Content {
  readonly #head: Buffer[] = [];
  #reading?: Promise<Buffer | undefined>;
  #whole?: Buffer;

  constructor(
    private readonly request?: IncomingMessage,
    bytes?: Buffer,
  ) {
    if (!request) this.#whole = bytes ?? Buffer.alloc(0);
  }

  whole(): Promise<Buffer | undefined> {
    this.#reading ??= this.#read();
    return this.#reading;
  }

  async #read(): Promise<Buffer | undefined> {
    if (!this.request) return this.#whole;
    let bytes = 0;
    for await (const chunk of this.request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      this.#head.push(chunk);
      bytes += chunk.length;
      if (bytes > requestBytesMax) return undefined;
    }
    this.#whole = Buffer.concat(this.#head);
    return this.#whole;
  }

  toSend(): Buffer | Readable {
    if (this.#whole) return this.#whole;
    const { request } = this;
    return this.#head.length === 0 ? request! : Readable.from(chain(this.#head, request!));
  }
}

async function* chain(head: Buffer[], rest: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  yield* head;
  yield* rest;
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // the app will say so to the sender
  }
}

/** The answer with its body in memory. Throws when that is over the limit. */
export async function whole(answer: Answer): Promise<WholeAnswer> {
  if (Buffer.isBuffer(answer.body)) return { ...answer, body: answer.body };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) throw new Error(`an answer of over ${answerBytesMax} bytes cannot be changed`);
    chunks.push(chunk);
  }
  return { ...answer, body: Buffer.concat(chunks) };
}

/** The JSON object in a whole answer, if it is one. */
export function jsonOf(answer: WholeAnswer): Record<string, unknown> | undefined {
  return parseObject(answer.body);
}

/** An answer with other JSON in it; the tag of the old body goes with the old body. */
export function withJson(answer: Answer, value: unknown): WholeAnswer {
  const { etag: _etag, 'content-length': _length, ...headers } = answer.headers;
  return { ...answer, headers, body: Buffer.from(JSON.stringify(value)) };
}

/** Whether the app says that it has saved a write. */
export function isAcknowledged(answer: WholeAnswer): boolean {
  const said = answer.status === 200 ? jsonOf(answer) : undefined;
  return said?.ok === true || said?.working === true;
}
