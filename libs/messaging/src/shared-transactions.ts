import { AsyncLocalStorage } from 'node:async_hooks';
import { SpanKind, trace, type Span } from '@opentelemetry/api';
import type { Sharing } from './worker.js';
import type { Database } from '#libs/platform/src/database.js';
import { databaseTrouble } from '#libs/platform/src/database-trouble.js';
import { attribute, spanName } from '#libs/platform/src/telemetry/names.js';
import { inChildSpan, outsideTraces } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What one claim does in a transaction; `last` is what locks work rows: after the domain's, everywhere. */
export interface Share<T> {
  readonly work: (tx: Tx) => Promise<T>;
  readonly last: (tx: Tx, result: T) => Promise<void>;
}

/** What there is to wait for. */
export interface Crowd {
  /** Claims: no more of them can come. */
  readonly underWay: () => number;
  /** Whether others follow those that are under way. */
  readonly isMoreDue: () => boolean;
}

/**
 * One transaction for many claims: their statements run at the same moments, so shared ones (`SharedStatement`) run once, and so does
 * the commit. Nobody's failure is another's: when the transaction fails, each does its part again in one of its own, so a part
 * may be done twice and must leave nothing behind but rows. In the trace of each stands how long it took and how many shared it.
 */
export class SharedTransactions {
  private waiting: Asked[] = [];
  private late: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    private readonly sharing: Sharing,
    private readonly crowd: Crowd,
  ) {}

  run<T>(share: Share<T>): Promise<T> {
    // What a claim does goes on in its own span: this one stands beside it, and says how long it took.
    const inContext = AsyncLocalStorage.snapshot();
    if (this.sharing.claimsMax === 1) return this.join(share, inContext);
    return inChildSpan(spanName.share('transaction'), { kind: SpanKind.INTERNAL }, () =>
      this.join(share, inContext, trace.getActiveSpan()),
    );
  }

  private join<T>({ work, last }: Share<T>, inContext: Asked['inContext'], span?: Span): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        ...{ inContext, span },
        work,
        last: last as Share<unknown>['last'],
        resolve: resolve as (result: unknown) => void,
        reject,
      });
      const { claimsMax, waitMs, lastWaitMs } = this.sharing;
      if (this.waiting.length >= Math.min(claimsMax, this.crowd.underWay())) this.begin();
      else this.late ??= setTimeout(() => this.begin(), this.crowd.isMoreDue() ? waitMs : lastWaitMs);
    });
  }

  private begin(): void {
    clearTimeout(this.late);
    this.late = undefined;
    void this.perform(this.waiting.splice(0));
  }

  private async perform(asked: readonly Asked[]): Promise<void> {
    for (const { span } of asked) span?.setAttribute(attribute.sharedBy, asked.length);
    try {
      const [one, ...others] = asked;
      const run = () => this.transaction(asked);
      const results = await (others.length === 0 ? one!.inContext(run) : outsideTraces(run));
      for (const [n, { resolve }] of asked.entries()) resolve(results[n]);
    } catch (error) {
      const isNobodys = databaseTrouble(error) === 'away';
      if (asked.length === 1 || isNobodys) for (const { reject } of asked) reject(error);
      else for (const one of asked) await this.perform([one]);
    }
  }

  private transaction(asked: readonly Asked[]): Promise<unknown[]> {
    return this.database.transaction(async (tx) => {
      const results = await allSettled(asked.map(({ inContext, work }) => inContext(work, tx)));
      await allSettled(asked.map(({ inContext, last }, n) => inContext(last, tx, results[n])));
      return results;
    });
  }
}

interface Asked extends Share<unknown> {
  /** Each goes on in its own trace. */
  readonly inContext: ReturnType<typeof AsyncLocalStorage.snapshot>;
  readonly span: Span | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Like `Promise.all`, but ends when all have ended: nobody goes on in a transaction that is over. Throws what was thrown first. */
async function allSettled<T>(running: readonly Promise<T>[]): Promise<T[]> {
  const errors: unknown[] = [];
  const noted = running.map((one) =>
    one.catch((error: unknown) => {
      errors.push(error);
      throw error;
    }),
  );
  const ended = await Promise.allSettled(noted);
  if (errors.length > 0) throw errors[0];
  return ended.map((one) => (one as PromiseFulfilledResult<T>).value);
}
