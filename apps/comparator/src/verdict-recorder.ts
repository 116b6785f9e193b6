import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { causesOf } from './domain/causes.js';
import type { Decision } from './domain/comparison.js';
import { differencesOf, type Look } from './domain/look.js';
import { sentenceOf } from './domain/sentence.js';
import { lostAfterAck, toParity } from './comparison-view.js';
import { ComparisonRepository, type Comparison } from './persistence/comparison.repository.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Next } from '#libs/messaging/src/worker.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** Writes down what was decided, and says it: row and event in one transaction. */
@Injectable()
export class VerdictRecorder {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly outbox: Outbox,
  ) {}

  /** The comparison, while it is not over. */
  async open(tx: Tx, comparisonId: string): Promise<Comparison | undefined> {
    const comparison = await this.comparisons.find(tx, comparisonId);
    return comparison && comparison.state !== 'done' ? comparison : undefined;
  }

  /** Nobody is blamed yet; the board says that a second look is coming. */
  async lookAgain(tx: Tx, comparison: Comparison, looks: readonly Look[], inMs: number): Promise<Next> {
    const seconds = Math.round(inMs / 1_000);
    const sentence = `Something differs; looking again in ${seconds} s before saying so.`;
    await this.comparisons.lookAgain(tx, comparison.comparisonId, looks, sentence);
    if (looks.length === 1) this.say(tx, comparison, looks, { verdict: 'pending', sentence });
    return { againInMs: inMs, note: 'second look' };
  }

  async judge(
    tx: Tx,
    comparison: Comparison,
    looks: readonly Look[],
    { verdict, healedAfterMs }: Extract<Decision, { kind: 'judge' }>,
  ): Promise<Next> {
    const newest = looks.at(-1)!;
    const sentence = sentenceOf(verdict, newest, healedAfterMs);
    await this.finish(tx, comparison, { verdict, sentence, looks });
    this.say(tx, comparison, looks, { verdict, sentence });
    return 'done';
  }

  async fail(tx: Tx, comparison: Comparison, looks: readonly Look[], side: 'ours' | 'baseline'): Promise<Next> {
    const sentence = sentenceOf('unknown', looks.at(-1)!, null);
    await this.finish(tx, comparison, { verdict: 'unknown', sentence, looks });
    this.sayFailed(tx, comparison, side, sentence);
    return 'done';
  }

  async abandon(tx: Tx, comparison: Comparison, sentence: string): Promise<Next> {
    await this.finish(tx, comparison, { verdict: 'unknown', sentence, looks: comparison.looks });
    this.sayFailed(tx, comparison, 'ours', sentence);
    return 'done';
  }

  private async finish(
    tx: Tx,
    { comparisonId }: Comparison,
    end: {
      verdict: Decision extends infer D ? (D extends { verdict: infer V } ? V | 'unknown' : never) : never;
      sentence: string;
      looks: readonly Look[];
    },
  ): Promise<void> {
    const span = trace.getActiveSpan();
    span?.setAttribute(attribute.verdict, end.verdict);
    const newest = end.looks.at(-1);
    const causes = newest && end.verdict === 'out-of-sync' ? causesOf(newest) : [];
    await this.comparisons.finish(tx, comparisonId, { ...end, causes, traceId: span?.spanContext().traceId ?? null });
  }

  private say(
    tx: Tx,
    comparison: Comparison,
    looks: readonly Look[],
    { verdict, sentence }: { verdict: 'in-sync' | 'out-of-sync' | 'pending' | 'unreachable'; sentence: string },
  ): void {
    const { comparisonId, batchId, appId, trigger } = comparison;
    const newest = looks.at(-1)!;
    this.outbox.send(tx, ParityComputed, {
      ...{ comparisonId, batchId, appId, trigger, verdict, sentence },
      endpoints: newest.endpoints.map(toParity),
      rowsDifferent: differencesOf(newest),
      acknowledged: newest.acknowledged,
      lostAfterAck: lostAfterAck(newest),
      looks: looks.length,
      computedAt: tx.now.toISOString(),
    });
  }

  private sayFailed(
    tx: Tx,
    { comparisonId, batchId, appId, trigger }: Comparison,
    side: 'ours' | 'baseline',
    sentence: string,
  ): void {
    this.outbox.send(tx, ComparisonFailed, {
      comparisonId,
      batchId,
      appId,
      trigger,
      side,
      sentence,
      computedAt: tx.now.toISOString(),
    });
  }
}
