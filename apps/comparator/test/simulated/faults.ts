import type { Chance } from './history.js';
import { countBy, dayOf, type ReadKind, type SimulatedJournal } from './journal.js';
import { faultsOfMoves, type NameOfTeacher } from './moved.js';
import { away503, type Answered } from './target.js';
import type { MistakeName } from '../../src/domain/mistakes.js';
import { isoMs } from '#libs/parity/src/tolerance.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

export interface Asking {
  readonly kind: ReadKind;
  readonly moment: number;
  /** What the journal behind it would answer at a moment, to this read or to another one. */
  readonly asked: (moment: number, kind?: ReadKind) => object;
}

/** A fault at work, as apps/faulty-student has it, or as a migration makes it. Undefined: it leaves this one alone. */
export interface Faulty {
  readonly store?: (payload: WritePayload, landed: number, journal: SimulatedJournal) => void;
  readonly read?: (asking: Asking) => Answered | undefined;
  /** From when on it can be seen once a fill has closed: its first effect on a write, or on what is read. Infinity: not yet. */
  readonly visibleFrom: () => number;
  /** Where it can be seen at some moments only. */
  readonly isVisibleAt?: (moment: number) => boolean;
}

export interface SimulatedFault {
  /** One of these, and nothing else. */
  readonly verdicts: readonly Verdict[];
  /** The mistake of the top cause; null: no cause is to be told. */
  readonly mistakes: readonly (MistakeName | NameOfTeacher | null)[];
  readonly make: (chance: Chance, nowMs: number) => Faulty;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
type Rows = Record<string, unknown>[];

/** A fault of writes; `spoil` says whether it has done something to this one. */
function ofWrites(spoil: (payload: WritePayload, landed: number, journal: SimulatedJournal) => boolean): Faulty {
  let first = Infinity;
  return {
    visibleFrom: () => first,
    store(payload, landed, journal) {
      if (spoil(payload, landed, journal)) first = Math.min(first, landed);
      else journal.store(payload, landed);
    },
  };
}

/** A fault of reads, from a moment on. */
const ofReads = (from: number, read: (asking: Asking) => Answered | undefined): Faulty => ({
  visibleFrom: () => from,
  read: (asking) => (asking.moment >= from ? read(asking) : undefined),
});
const body = (value: object | string): Answered => ({ kind: 'body', body: value });

/** Changes the rows of some lists on their way out. */
const ofRows = (kinds: readonly ReadKind[], change: (rows: Rows) => Rows): Faulty =>
  ofReads(0, ({ kind, moment, asked }) => {
    if (!kinds.includes(kind)) return undefined;
    const answer = asked(moment) as { rows: Rows };
    return body({ ...answer, rows: change(answer.rows) });
  });

/** Counts writes of each kind, and says which are the nth. */
function everyNth(n: number, offset = 0): (payload: WritePayload) => boolean {
  const counts = { entry: offset, mood: offset, value: offset };
  return ({ kind }) => (counts[kind] += 1) % n === 0;
}

/** Every text of a write changed alike. */
function withText(payload: WritePayload, change: (text: string) => string): WritePayload {
  if (payload.kind === 'entry') return { ...payload, text: change(payload.text) };
  return payload.kind === 'mood' ? { ...payload, note: change(payload.note) } : payload;
}

const out = ['out-of-sync'] as const;
const failed = (failure: string, problem: string, status: number | null = null): Answered => ({ kind: 'failed', failure, status, problem }); // prettier-ignore

/** Faults of apps/faulty-student under its names, then what migrations do besides, then those that were invented blind. */
export const simulatedFaults: Readonly<Record<string, SimulatedFault>> = {
  'refuse-connections': {
    ...{ verdicts: ['unreachable'], mistakes: ['away'] },
    make: (_, now) => ofReads(now + 4 * minuteMs, () => failed('connect-refused', 'Nothing listens on this port.')),
  },
  down: {
    ...{ verdicts: ['unreachable'], mistakes: ['failing'] },
    make: (_, now) => ofReads(now + 4 * minuteMs, () => away503),
  },
  flapping: {
    ...{ verdicts: ['unreachable', 'in-sync', 'pending'], mistakes: ['failing', null] },
    make(chance) {
      const [up, down] = [chance.whole(1, 6), chance.whole(2, 6)];
      let requests = chance.whole(0, 5);
      return ofReads(0, () => (requests++ % (up + down) < up ? undefined : away503));
    },
  },
  slow: {
    ...{ verdicts: ['unreachable'], mistakes: ['slow'] },
    make: (_, now) => ofReads(now, () => failed('total-timeout', 'The answer was not complete in time.')),
  },
  'redirect-baseline': {
    ...{ verdicts: ['unreachable'], mistakes: ['redirecting'] },
    make: (_, now) => ofReads(now, () => failed('redirect', 'It redirects to http://baseline.example.', 302)),
  },
  'wrong-shape': {
    ...{ verdicts: ['unreachable'], mistakes: ['wrong-shape'] },
    make(chance, now) {
      const how = chance.of(['unwrapped', 'html', 'cut']);
      return ofReads(now, ({ moment, asked }) => {
        const answer = asked(moment) as { rows?: Rows; data?: object };
        if (how === 'unwrapped') return body(answer.rows ?? answer.data!);
        const text = JSON.stringify(answer);
        return body(how === 'html' ? '<!doctype html><html></html>' : text.slice(0, text.length >> 1));
      });
    },
  },
  retype: {
    ...{ verdicts: out, mistakes: ['retyped-column'] },
    make: (chance) =>
      chance.is(0.5) ? ofRows(['value'], (rows) => rows.map((row) => asText(row) as Rows[0])) : ofReads(0, statsAsText),
  },
  reorder: {
    ...{ verdicts: ['in-sync'], mistakes: [null] },
    make: () => ofRows(['entry', 'mood', 'value'], (rows) => rows.toReversed()),
  },
  'stale-copy': {
    ...{ verdicts: out, mistakes: ['stale-copy'] },
    make(chance, now) {
      const copiedAt = now + chance.between(6, 9) * minuteMs;
      return ofReads(copiedAt, ({ asked }) => body(asked(copiedAt)));
    },
  },
  'time-zone': {
    ...{ verdicts: out, mistakes: ['time-zone-cast'] },
    make: (_, now) => ({ ...ofReads(0, inZone(zoneOfAnotherDay(now))), isVisibleAt: isFarFromMidnight }),
  },
  truncate: {
    ...{ verdicts: out, mistakes: ['truncated-column'] },
    make(chance) {
      const charactersMax = chance.whole(12, 24);
      return ofTexts((payload) => withText(payload, (text) => text.slice(0, charactersMax).trim()));
    },
  },
  'drop-acknowledged': {
    ...{ verdicts: out, mistakes: ['acknowledged-before-commit'] },
    make(chance) {
      const isNth = everyNth(chance.whole(2, 5), chance.whole(0, 1));
      return ofWrites((payload) => isNth(payload));
    },
  },
  duplicate: {
    ...{ verdicts: out, mistakes: ['duplicate-delivery'] },
    make(chance) {
      const isNth = everyNth(chance.whole(1, 5));
      return ofWrites((payload, landed, journal) => {
        if (!isNth(payload)) return false;
        journal.store(payload, landed);
        journal.store(payload, landed + chance.between(0, 300));
        return true;
      });
    },
  },
  lagging: {
    ...{ verdicts: ['in-sync'], mistakes: ['lagging-replica'] },
    make: (chance) => lagBy(chance.between(7_000, 9_000)),
  },
  'missed-backfill': {
    ...{ verdicts: out, mistakes: ['missed-backfill'] },
    make: (chance, now) => lostBetween(now, now + chance.between(4, 7) * minuteMs, now + 11 * minuteMs),
  },
  'missed-range': {
    ...{ verdicts: out, mistakes: ['missed-range'] },
    make: (chance, now) => lostBetween(now + chance.between(3, 4.5) * minuteMs, now + 7.5 * minuteMs, now + 12 * minuteMs), // prettier-ignore
  },
  'changed-encoding': {
    ...{ verdicts: out, mistakes: ['changed-encoding'] },
    make(chance) {
      const change = chance.is(0.5) ? mojibake : (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
      return ofTexts((payload) => withText(payload, change));
    },
  },
  'mapped-moods': {
    ...{ verdicts: out, mistakes: ['mapped-values'] },
    make: () =>
      ofTexts((payload) => (payload.kind === 'mood' ? { ...payload, mood: nextMood(payload.mood) } : payload)),
  },
  'dropped-column': {
    ...{ verdicts: out, mistakes: ['dropped-column'] },
    make(chance) {
      const isNull = chance.is(0.5);
      return ofRows(['mood'], (rows) => rows.map(({ mood: _, ...row }) => (isNull ? { ...row, mood: null } : row)));
    },
  },
  'cached-statistics': {
    ...{ verdicts: out, mistakes: ['statistics-apart'] },
    make(chance, now) {
      const cachedAt = now + chance.between(4, 7) * minuteMs;
      return ofReads(cachedAt, ({ kind, asked }) => (kind === 'stats' ? body(asked(cachedAt)) : undefined));
    },
  },
  ...faultsOfMoves,
  /**
   * Values in a column of 32-bit floating point: over 16,777,216 they are rounded to 24 bits. A teacher says: numbers were rounded, or
   * that their column has another type. Not: lost, though a value that is its own marker is hard to find again.
   */
  'rounded-values': {
    ...{ verdicts: out, mistakes: ['rounded-numbers', 'retyped-column'] },
    make: () =>
      ofTexts((payload) => (payload.kind === 'value' ? { ...payload, value: Math.fround(payload.value) } : payload)),
  },
};

/** Writes of a stretch of time are in none of the lists once the app has been switched over, nor counted. */
function lostBetween(from: number, to: number, switchedAt: number): Faulty {
  const writes = ofWrites((_, landed) => landed >= from && landed <= to);
  return { ...writes, visibleFrom: () => switchedAt };
}

/** Writes are shown some time after they were acknowledged. */
function lagBy(lagMs: number): Faulty {
  const landings: number[] = [];
  return {
    visibleFrom: () => landings[0] ?? Infinity,
    isVisibleAt: (moment) => landings.some((landed) => landed < moment && landed + lagMs > moment + 1_500),
    store(payload, landed, journal) {
      landings.push(landed);
      journal.store(payload, landed + lagMs);
    },
  };
}

/** Texts and words as another program would store them. */
const ofTexts = (change: (payload: WritePayload) => WritePayload): Faulty =>
  ofWrites((payload, landed, journal) => {
    const changed = change(payload);
    if (JSON.stringify(changed) === JSON.stringify(payload)) return false;
    journal.store(changed, landed);
    return true;
  });

/** UTF-8 read as Latin-1. */
const mojibake = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const moods = ['grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized'];
const nextMood = (mood: unknown): string => moods[(moods.indexOf(mood as string) + 1) % moods.length]!;

function asText(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asText(inner)]));
}

const statsAsText = ({ kind, moment, asked }: Asking): Answered | undefined =>
  kind === 'stats' ? body({ data: asText((asked(moment) as { data: object }).data) }) : undefined;

/** A zone in which it is another day than in UTC while rows come: else there is nothing to be counted on another day. */
function zoneOfAnotherDay(now: number): number {
  const hour = new Date(now + 10 * minuteMs).getUTCHours();
  return hour >= 12 ? (26 - hour) * 60 : -(hour + 3) * 60;
}

/** Around midnight nobody judges days. */
const isFarFromMidnight = (moment: number): boolean =>
  Math.abs((moment % dayMs) - dayMs / 2) < dayMs / 2 - 3 * minuteMs;

/** Counts the days of the statistics in another zone. */
function inZone(zoneMinutes: number): (asking: Asking) => Answered | undefined {
  const dayThere = (ms: number) => dayOf(ms + zoneMinutes * minuteMs);
  return ({ kind, moment, asked }) => {
    if (kind !== 'stats') return undefined;
    const { data } = asked(moment) as { data: object };
    const { rows } = asked(moment, 'entry') as { rows: { created_at: string }[] };
    const perDay = countBy(rows.map((row) => dayThere(isoMs(row.created_at))));
    const days = [6, 5, 4, 3, 2, 1, 0].map((ago) => dayThere(moment - ago * dayMs));
    const last7 = days.map((date) => ({ date, count: perDay.get(date) ?? 0 }));
    return body({ data: { ...data, last7_days: last7, entries_today: last7[6]!.count } });
  };
}
