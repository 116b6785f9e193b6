// One request and its answer on one connection, with every limit on the way. Ends exactly once: with the answer or with one error.
// `sent` turns true just before undici writes the first byte: from then on nobody can know what the app has done.
import { errors, type Dispatcher } from 'undici';
import { AnswerBody } from './answer-body.js';
import type { ByteBudget } from './byte-budget.js';
import { discard, type Connection } from './connection-pool.js';
import { egressError, EgressError, type EgressCode } from './egress-code.js';
import type { RequestLimits } from './egress-limits.js';

/** Interim answers (1xx) before the real one. */
const interimMax = 8;

/** Two encodings at once come as a list and are in neither set. */
const gzipNames = new Set(['gzip', 'x-gzip']);
const plainNames = new Set(['', 'identity']);

export type EgressMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

export interface ExchangeRequest {
  readonly method: EgressMethod;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** By lower-case name; a header that came more than once is a list. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What came back; `firstByteMs` counts from the request's first byte. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
  readonly wireBytes: number;
  readonly firstByteMs: number;
}

/** What is known of a request that has not ended. */
export interface Progress {
  sent: boolean;
  status: number | undefined;
}

export interface ExchangeOptions {
  readonly limits: RequestLimits;
  readonly budget: ByteBudget;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Sends the request and collects the answer; the connection is closed when it fails. */
export function exchange(connection: Connection, request: ExchangeRequest, options: ExchangeOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const one = new Exchange(connection, options, { resolve, reject });
    const { method, body = null } = request;
    try {
      connection.client.dispatch({ ...request, method, body }, one);
    } catch (error) {
      one.fail(error as Error);
    }
  });
}

interface Outcome {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly connection: Connection;
  private readonly options: ExchangeOptions;
  private readonly outcome: Outcome;
  private readonly abort: () => void;
  private ended = false;
  private paused = false;
  private interim = 0;
  private sentAt = 0;
  private firstByteMs: number | undefined;
  private headers: AnswerHeaders = {};
  private encoding = '';
  private body: AnswerBody | undefined;
  private headersTimer: NodeJS.Timeout | undefined;
  private rateTimer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, options: ExchangeOptions, outcome: Outcome) {
    this.connection = connection;
    this.options = options;
    this.outcome = outcome;
    this.abort = () => this.fail(options.signal.reason as Error);
    if (options.signal.aborted) queueMicrotask(this.abort);
    else options.signal.addEventListener('abort', this.abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.ended) return controller.abort(egressError('aborted'));
    this.options.progress.sent = true;
    this.sentAt = performance.now();
    this.connection.portions.head(() => this.fail(egressError('headers-too-large')));
    const { headersMs } = this.options.limits;
    this.headersTimer = setTimeout(() => this.fail(egressError('headers-timeout', `${headersMs} ms`)), headersMs);
  }

  onResponseStarted(): void {
    this.firstByteMs ??= performance.now() - this.sentAt;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (this.ended) return;
    if (status < 200) {
      this.interim += 1;
      if (this.interim > interimMax) this.fail(egressError('bad-http', 'too many interim answers'));
      return;
    }
    clearTimeout(this.headersTimer);
    this.connection.portions.body(headers['transfer-encoding'] !== undefined);
    this.options.progress.status = status;
    // An own property of this name would become a prototype when somebody copies the headers.
    const { ['__proto__']: _dropped, ...rest } = headers;
    this.headers = rest;
    this.encoding = headers['content-encoding']?.toString().trim().toLowerCase() ?? '';
    this.body = this.collect(controller, gzipNames.has(this.encoding));
    this.watchRate();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // Judged with the first byte only: an answer to HEAD names the encoding of a body that it does not have.
    if (gzipNames.has(this.encoding) || plainNames.has(this.encoding)) this.body?.write(chunk);
    else this.fail(egressError('encoding-not-accepted', this.encoding.slice(0, 40)));
  }

  onResponseEnd(): void {
    clearInterval(this.rateTimer);
    this.body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(this.explain(error));
  }

  /** Ends with an error, unless it has ended; whatever still runs is torn down. */
  fail(error: Error): void {
    if (!this.end()) return;
    this.body?.close();
    discard(this.connection);
    this.outcome.reject(error);
  }

  private collect(controller: Dispatcher.DispatchController, gzip: boolean): AnswerBody {
    const fail = (error: EgressError) => this.fail(error);
    const account = this.options.budget.open(() => fail(egressError('busy', 'too many large answers at once')));
    return new AnswerBody({
      ...{ gzip, account, fail, limits: this.options.limits },
      pause: () => {
        this.paused = true;
        controller.pause();
      },
      resume: () => {
        this.paused = false;
        controller.resume();
      },
      done: (body) => this.succeed(body),
    });
  }

  /** Looks at each window by itself: a fast start earns no right to drip. The socket counts the framing of chunks as well. */
  private watchRate(): void {
    const { rateBytesMin, rateWindowMs, wireBytesMax } = this.options.limits;
    const needed = (rateBytesMin * rateWindowMs) / 1000;
    let bytesBefore = this.body?.wireBytes ?? 0;
    const framingBefore = this.connection.socket.bytesRead;
    this.rateTimer = setInterval(() => {
      const bytes = this.body?.wireBytes ?? 0;
      const framing = this.connection.socket.bytesRead - framingBefore;
      if (framing > 2 * wireBytesMax) this.fail(egressError('body-too-large', 'more framing than content'));
      else if (bytes - bytesBefore < needed && !this.paused) {
        this.fail(egressError('too-slow', `${bytes - bytesBefore} bytes in ${rateWindowMs} ms`));
      }
      bytesBefore = bytes;
    }, rateWindowMs);
  }

  private succeed(body: Buffer): void {
    if (!this.end()) return;
    const { status = 0 } = this.options.progress;
    const wireBytes = this.body?.wireBytes ?? 0;
    this.outcome.resolve({ status, headers: this.headers, body, wireBytes, firstByteMs: this.firstByteMs ?? 0 });
  }

  private end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.headersTimer);
    clearInterval(this.rateTimer);
    this.options.signal.removeEventListener('abort', this.abort);
    return true;
  }

  private explain(error: Error): Error {
    if (error instanceof EgressError) return error;
    if (error instanceof errors.InvalidArgumentError) return error;
    return egressError(this.codeFor(error), error.message, error);
  }

  private codeFor(error: Error): EgressCode {
    if (error instanceof errors.HeadersOverflowError) return 'headers-too-large';
    // llhttp says "Invalid EOF state" of a body that ends before its last chunk.
    const cutShort = error instanceof errors.ResponseContentLengthMismatchError || /invalid eof/i.test(error.message);
    if (cutShort) return 'answer-cut-short';
    const garbled = error instanceof errors.HTTPParserError || /^bad (response|upgrade)$/.test(error.message);
    if (garbled) return 'bad-http';
    if (this.firstByteMs !== undefined) return 'answer-cut-short';
    return this.connection.reused ? 'stale-connection' : 'connection-lost';
  }
}
