import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { Decision } from './domain/comparison.js';
import { settled } from './domain/lasting.js';
import { hitsOf } from './domain/rules.js';
import { differencesOf, verdictOfLook, withoutRows, type Look } from './domain/look.js';
import { seenAt } from './domain/sightings.js';
import { suspicionsOf } from './domain/suspicions.js';
import { lookingAgain, nothingYet, sentenceOf } from './domain/sentence.js';
import { causesFor } from './domain/verdict-causes.js';
import { lostAfterAck, toParity } from './comparison-view.js';
import { LookKeeper } from './look-keeper.js';
import { ComparisonRepository, type Comparison } from './persistence/comparison.repository.js';
import { HeldBackRepository } from './persistence/held-back.repository.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import type { Next } from '#libs/messaging/src/worker.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';
import type { Tx } from '#libs/platform/src/transaction.js';

type Judgement = Extract<Decision, { kind: 'judge' }>;
interface End {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly looks: readonly Look[];
  /** How long something was wrong that has healed. */
  readonly healedAfterMs?: number | null;
  readonly side?: 'ours' | 'baseline';
}

/** Writes down what was decided, and says it, or keeps what is held back: row and event in one transaction. */
@Injectable()
export class VerdictRecorder {
  constructor(
    private readonly comparisons: ComparisonRepository,
    private readonly keeper: LookKeeper,
    private readonly heldBack: HeldBackRepository,
    private readonly outbox: Outbox,
  ) {}

  /** The comparison, while it is not over. */
  async open(tx: Tx, comparisonId: string): Promise<Comparison | undefined> {
    const comparison = await this.comparisons.find(tx, comparisonId);
    return comparison && comparison.state !== 'done' ? comparison : undefined;
  }

  /** Nobody is blamed yet; the board says that a second look is coming. */
  async lookAgain(tx: Tx, comparison: Comparison, looks: readonly Look[], inMs: number): Promise<Next> {
    const sentence = lookingAgain(looks.at(-1)!, inMs);
    await this.comparisons.lookAgain(tx, comparison.comparisonId, newestWhole(looks), sentence);
    if (looks.length === 1 && comparison.isPublic)
      await this.say(tx, comparison, { verdict: 'pending', sentence, looks });
    return { againInMs: inMs, note: 'second look' };
  }

  async judge(
    tx: Tx,
    comparison: Comparison,
    looks: readonly Look[],
    { verdict, healedAfterMs }: Judgement,
  ): Promise<Next> {
    const end = { verdict, sentence: sentenceOf(verdict, settled(looks)!, healedAfterMs), looks, healedAfterMs };
    await this.finish(tx, comparison, end);
    const seen = seenAt(looks);
    if (seen && comparison.isPublic) await this.keeper.saw(tx, comparison, seen);
    await this.say(tx, comparison, { ...end, verdict });
    return 'done';
  }

  /** There is nothing that the app answers for: nothing was looked at. */
  async nothingYet(tx: Tx, comparison: Comparison): Promise<Next> {
    const end = { verdict: 'pending', sentence: nothingYet(0), looks: [] } as const;
    await this.finish(tx, comparison, end);
    await this.say(tx, comparison, end);
    return 'done';
  }

  async fail(tx: Tx, comparison: Comparison, looks: readonly Look[], side: 'ours' | 'baseline'): Promise<Next> {
    const blind = looks.findLast((look) => verdictOfLook(look) === 'unknown') ?? looks.at(-1)!;
    return this.unknown(tx, comparison, side, { looks, sentence: sentenceOf('unknown', blind, null) });
  }

  async abandon(tx: Tx, comparison: Comparison, sentence: string): Promise<Next> {
    return this.unknown(tx, comparison, 'ours', { looks: comparison.looks, sentence });
  }

  private async unknown(
    tx: Tx,
    comparison: Comparison,
    side: 'ours' | 'baseline',
    { looks, sentence }: Omit<End, 'verdict'>,
  ): Promise<Next> {
    await this.finish(tx, comparison, { verdict: 'unknown', sentence, looks, side });
    const data = { ...headOf(comparison), side, sentence, computedAt: tx.now.toISOString() };
    if (comparison.isPublic) this.outbox.send(tx, ComparisonFailed, data);
    else await this.heldBack.keep(tx, comparison.comparisonId, { name: 'ComparisonFailed', data });
    return 'done';
  }

  /** What is over is kept as it was judged; of the looks before the last only that there were some. */
  private async finish(tx: Tx, comparison: Comparison, end: End): Promise<void> {
    const span = trace.getActiveSpan();
    // Visitors see traces.
    if (comparison.isPublic) span?.setAttribute(attribute.verdict, end.verdict);
    const newest = settled(end.looks);
    const causes = causesFor(end.verdict, end.looks, end.healedAfterMs ?? null);
    const traceId = span?.spanContext().traceId ?? null;
    const older = end.looks.slice(0, -1).map((look) => ({ ...look, endpoints: [] }));
    const looks = newest ? [...older, withoutEvidence(newest)] : [];
    const suspicions = newest ? suspicionsOf(end.looks, newest) : [];
    const ruleHits = hitsOf(newest);
    await this.comparisons.finish(tx, comparison, { ...end, looks, causes, suspicions, traceId, ruleHits });
  }

  /** Of what has lasted; a pending one has judged nothing, so it counts nothing. */
  private async say(
    tx: Tx,
    comparison: Comparison,
    end: End & { readonly verdict: Exclude<Verdict, 'unknown'> },
  ): Promise<void> {
    const { verdict, sentence, looks } = end;
    const judged = verdict === 'pending' ? undefined : settled(looks);
    const data = {
      ...{ ...headOf(comparison), verdict, sentence },
      endpoints: (judged?.endpoints ?? []).map(toParity),
      rowsDifferent: judged ? differencesOf(judged) : 0,
      acknowledged: judged?.acknowledged ?? 0,
      lostAfterAck: lostAfterAck(judged),
      looks: Math.max(looks.length, 1),
      computedAt: tx.now.toISOString(),
    };
    if (comparison.isPublic) this.outbox.send(tx, ParityComputed, data);
    else await this.heldBack.keep(tx, comparison.comparisonId, { name: 'ParityComputed', data });
  }
}

const headOf = ({ comparisonId, batchId, appId, trigger }: Comparison) => ({ comparisonId, batchId, appId, trigger });

/** What is for staff is kept apart, as it was told; what was seen of each write, too. */
const withoutEvidence = (look: Look): Look => ({
  ...look,
  endpoints: look.endpoints.map(({ canaries: _, asBrowser: __, behind: ___, ...endpoint }) => endpoint),
});

/** Of older looks only what later ones need to know. */
const newestWhole = (looks: readonly Look[]): Look[] =>
  looks.map((look, i) => (i < looks.length - 1 ? withoutRows(look) : look));
