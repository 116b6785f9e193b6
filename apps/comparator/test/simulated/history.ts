import { firstRules } from '../../src/domain/rules.js';
import { SimulatedTarget, isInside, type SentWrite, type Span } from './target.js';
import { writesOf } from '../../../filler/src/domain/fill-script.js';
import type { Ledger } from '../../src/domain/obligation.js';
import type { LookPlan } from '../../src/judging/take-look.js';
import type { WriteKind, WritePayload } from '#libs/contracts/src/filler.js';

/** Chance with a seed. */
export class Chance {
  constructor(readonly next: () => number) {}
  /** A number from `min` to below `max`. */
  between = (min: number, max: number): number => min + this.next() * (max - min);
  whole = (min: number, max: number): number => Math.floor(this.between(min, max + 1));
  of = <T>(list: readonly T[]): T => list[Math.floor(this.next() * list.length)]!;
  is = (share: number): boolean => this.next() < share;
}

/** How often writes do not simply succeed. */
export interface Trouble {
  readonly refused: number;
  readonly unknown: number;
  /** An answer that nobody saw, and whose row is found by its marker some minutes later: acknowledged then. */
  readonly foundLate: number;
  /** Of these one for each target and fill: how long a write takes at most. */
  readonly pacesMs: readonly number[];
}

export interface Fill {
  readonly number: number;
  readonly iterations: number;
  readonly requestedAt: number;
  closedAt: number;
}

/** An app that takes part: since when, and when it had left. */
export interface Participant {
  readonly target: SimulatedTarget;
  /** Times of joining and coming back, ascending. */
  readonly joined: readonly number[];
  readonly gone: readonly Span[];
}

const carriedMax: Record<WriteKind, number> = { entry: 400, mood: 200, value: Infinity };
const kinds = ['entry', 'mood', 'value'] as const;

/** What was written to whom, and when: made once, then looked at from any moment. */
export class History {
  readonly fills: Fill[] = [];
  readonly baseline: SimulatedTarget;

  constructor(
    private readonly chance: Chance,
    baseline: SimulatedTarget,
    readonly participants: readonly Participant[],
    private readonly trouble: Trouble,
  ) {
    this.baseline = baseline;
  }

  /** One fill of everybody who takes part when it is requested; returns when it has closed. */
  fill(requestedAt: number, iterations: number): number {
    const number = this.fills.length + 1;
    const seed = `fill ${number} ${Math.floor(this.chance.next() * 1e9)}`;
    const writes = writesOf({ seed, installation: 'simulated', number, mode: 'all', iterations });
    const takers = this.participants.filter((one) => takesPart(one, requestedAt)).map(({ target }) => target);
    const ends = [this.baseline, ...takers].map((target) => this.fillOne(target, { number, requestedAt, writes }));
    const closedAt = Math.max(...ends) + this.chance.between(50, 2_000);
    this.fills.push({ number, iterations, requestedAt, closedAt });
    return closedAt;
  }

  private fillOne(
    target: SimulatedTarget,
    fill: { number: number; requestedAt: number; writes: ReturnType<typeof writesOf> },
  ): number {
    const paceMs = this.chance.of(this.trouble.pacesMs);
    let now = fill.requestedAt + this.chance.between(50, 3_000);
    let end = now;
    for (const { index, marker, payload } of fill.writes) {
      const { outcome, acknowledgedAt, answered } = this.send(target, payload, now, paceMs);
      const { number } = fill;
      const sentAt = new Date(now).toISOString();
      target.writes[payload.kind].push({ marker, payload, fill: number, index, acknowledgedAt, sentAt, outcome });
      now = Math.max(now, Math.min(answered, now + 3_000)) + this.chance.between(1, 40);
      end = Math.max(end, answered);
    }
    return Math.max(now, end);
  }

  private send(
    target: SimulatedTarget,
    payload: WritePayload,
    sentAt: number,
    paceMs: number,
  ): Pick<SentWrite, 'outcome' | 'acknowledgedAt'> & { answered: number } {
    const { chance, trouble } = this;
    const answered = sentAt + chance.between(1, paceMs);
    const landed = chance.between(sentAt, answered);
    const dice = chance.next();
    if (isInside(target.away, sentAt) || dice < trouble.refused)
      return { outcome: 'refused', acknowledgedAt: null, answered };
    if (dice < trouble.refused + trouble.unknown) {
      if (chance.is(0.5)) target.take(payload, landed + (chance.is(0.3) ? chance.between(0, 60_000) : 0));
      return { outcome: 'unknown', acknowledgedAt: null, answered: answered + chance.between(0, 10_000) };
    }
    target.take(payload, landed);
    const isLate = dice > 1 - trouble.foundLate;
    const at = isLate ? answered + chance.between(10_000, 240_000) : answered;
    return { outcome: 'acknowledged', acknowledgedAt: new Date(at).toISOString(), answered: at };
  }

  /** What the comparator would plan at a moment: as its tables would have it (`LedgerRepository`, `FillRepository`). */
  planAt(one: Participant, moment: number): LookPlan & { readonly ledgers: Record<WriteKind, Ledger> } {
    const joinedAt = one.joined.findLast((at) => at <= moment) ?? Infinity;
    const closed = this.fills.filter(({ closedAt }) => closedAt <= moment);
    const owing = new Set(closed.filter(({ requestedAt }) => requestedAt >= joinedAt).map(({ number }) => number));
    const open = this.fills.filter(({ requestedAt, closedAt }) => requestedAt <= moment && closedAt > moment);
    const known = new Set([...closed, ...open].map(({ number }) => number));
    const of = (kind: WriteKind) => ledgerOf(kind, one.target.writes[kind].filter(({ fill }) => known.has(fill)), owing); // prettier-ignore
    return {
      ...{ appId: 'app', appUrl: 'http://app.example', baselineUrl: 'http://baseline.example' },
      slack: open.reduce((sum, { iterations }) => sum + iterations, 0),
      fillsClosed: owing.size,
      closedFill: Math.max(0, ...owing),
      rules: firstRules,
      shadow: null,
      ledgers: { entry: of('entry'), mood: of('mood'), value: of('value') },
    };
  }

  /** Acknowledged writes that the app answers for at a moment. */
  owedAt(one: Participant, moment: number): SentWrite[] {
    const { ledgers } = this.planAt(one, moment);
    return kinds.flatMap((kind) => ledgers[kind].obligations as readonly SentWrite[]);
  }
}

export const takesPart = ({ joined, gone }: Participant, moment: number): boolean =>
  joined[0]! <= moment && !isInside(gone, moment);

function ledgerOf(kind: WriteKind, writes: readonly SentWrite[], owing: ReadonlySet<number>): Ledger {
  const isOwed = ({ outcome, fill }: SentWrite) => outcome === 'acknowledged' && owing.has(fill);
  const owed = writes.filter(isOwed);
  const obligations = owed.slice(-carriedMax[kind]);
  const first = obligations.reduce((least, { fill }) => Math.min(least, fill), Infinity);
  const others = kind === 'value' ? [] : writes.filter((write) => !isOwed(write) && write.fill >= first);
  return { acknowledged: owed.length, obligations, others: others.slice(-carriedMax[kind]) };
}
