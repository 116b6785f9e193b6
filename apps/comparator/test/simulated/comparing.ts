import type { Chance, History, Participant } from './history.js';
import { decide } from '../../src/domain/comparison.js';
import { endpoints, type Endpoint } from '../../src/domain/endpoints.js';
import { settled } from '../../src/domain/lasting.js';
import { verdictOfLook, withoutRows, type Look } from '../../src/domain/look.js';
import { sentenceOf } from '../../src/domain/sentence.js';
import { causesFor } from '../../src/domain/verdict-causes.js';
import { judgeLook } from '../../src/judging/judge-look.js';
import { takeLook, type LookWorld } from '../../src/judging/take-look.js';
import type { Cause } from '#libs/contracts/src/comparator.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

export interface Compared {
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly causes: readonly Cause[];
  readonly looks: readonly Look[];
  readonly endedAt: number;
}

/**
 * One comparison from its first look to its verdict, by the engine itself: `takeLook`, `judgeLook`, `decide`, as ComparisonWorker and
 * VerdictRecorder put them together. Only the clock, the bodies and the ledger are simulated.
 */
export async function compare(history: History, one: Participant, beginsAt: number, chance: Chance): Promise<Compared> {
  let looks: Look[] = [];
  let moment = beginsAt;
  for (;;) {
    const eye = new Eye(history, one, moment, chance);
    const { look } = await takeLook(history.planAt(one, moment), eye);
    const hasClosedMore = history.planAt(one, eye.moment).fillsClosed > look.fillsClosed;
    moment = eye.moment;
    if (look.acknowledged === 0 && hasClosedMore) continue;
    looks = [...looks.map(withoutRows), look];
    const decision = decide(looks);
    if (decision.kind === 'look-again') moment += decision.inMs + chance.between(0, 1_500);
    else return ended(looks, decision, moment);
  }
}

function ended(looks: readonly Look[], decision: ReturnType<typeof decide>, endedAt: number): Compared {
  if (decision.kind === 'judge') {
    const { verdict, healedAfterMs } = decision;
    const sentence = sentenceOf(verdict, settled(looks)!, healedAfterMs);
    return { verdict, sentence, causes: causesFor(verdict, looks, healedAfterMs), looks, endedAt };
  }
  const blind = looks.findLast((look) => verdictOfLook(look) === 'unknown') ?? looks.at(-1)!;
  return { verdict: 'unknown', sentence: sentenceOf('unknown', blind, null), causes: [], looks, endedAt };
}

/** Reads both sides at simulated moments: what is asked for together is answered within some hundred milliseconds. */
class Eye implements LookWorld {
  readonly endpoints = endpoints;
  private newest: number;
  private isReading = false;

  constructor(
    private readonly history: History,
    private readonly one: Participant,
    public moment: number,
    private readonly chance: Chance,
  ) {
    this.newest = moment;
  }

  now = (): string => new Date(this.moment).toISOString();
  seed = (): readonly [number, number] => [this.chance.whole(0, 2 ** 31), this.chance.whole(0, 2 ** 31)];
  /** This world has no second baseline: no plan asks for one. */
  readonly readShadow = () => Promise.reject(new Error('no second baseline'));

  readAsBrowser = (endpoint: Endpoint) => this.read('app', endpoint);
  judge = async (job: Parameters<LookWorld['judge']>[0]) => judgeLook(job).endpoints;

  read = async (side: 'baseline' | 'app', endpoint: Endpoint) => {
    const target = side === 'app' ? this.one.target : this.history.baseline;
    const at = this.moment + this.chance.between(1, this.chance.of([20, 200, 1_500]));
    this.newest = Math.max(this.newest, at);
    if (!this.isReading) {
      this.isReading = true;
      queueMicrotask(() => {
        this.isReading = false;
        this.moment = this.newest + 1;
      });
    }
    return target.read(endpoint, at);
  };
}
