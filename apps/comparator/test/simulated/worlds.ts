import { type Faulty } from './faults.js';
import { Chance, History, type Participant, type Trouble } from './history.js';
import { stamps, type Traits } from './journal.js';
import { SimulatedTarget, type Span } from './target.js';
import { seededRandom } from '#libs/testing/src/seeded-random.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface World {
  readonly history: History;
  readonly chance: Chance;
  /** Moments at which comparisons begin. */
  readonly moments: readonly number[];
}

const pacesMs = [30, 120, 600, 2_000];
const noTrouble: Trouble = { refused: 0, unknown: 0, foundLate: 0, pacesMs };

/**
 * A lab with a handful of faithful apps and everything that may happen to them: clocks that are off, coarse times, imported rows,
 * people's own rows in bursts, answers that are lost, downtime, late joiners, fills under way, midnight.
 */
export function faithfulWorld(seed: number): World {
  const chance = new Chance(seededRandom(seed));
  const start = startOf(chance);
  const baseline = new SimulatedTarget(traitsOf(chance));
  const participants = Array.from({ length: 3 }, () => participantOf(chance, start));
  const trouble = chance.is(0.5) ? noTrouble : { refused: chance.of([0, 0.1]), unknown: chance.of([0, 0.15]), foundLate: chance.of([0, 0, 0.1]), pacesMs }; // prettier-ignore
  const history = new History(chance, baseline, participants, trouble);
  const spanMs = chance.of([20 * minuteMs, 40 * minuteMs, 3 * hourMs]);
  if (chance.is(0.3)) for (const { target } of participants) target.away = awayOf(chance, start, spanMs);
  if (chance.is(0.25)) baseline.away = awayOf(chance, start, spanMs);
  const ends = fillsOf(history, chance, start);
  for (const { target } of [...participants, { target: baseline }]) addStrangers(target, chance, start, ends.at(-1)!);
  return { history, chance, moments: momentsOf(history, chance) };
}

/** A lab with one app that has a fault, and neighbours' noise that does not hide it. */
export function faultyWorld(seed: number, makeFault: (chance: Chance, nowMs: number) => Faulty): World {
  const chance = new Chance(seededRandom(seed));
  const start = startOf(chance);
  const fault = makeFault(chance, start);
  const traits = () => ({ ...traitsOf(chance), skewMs: chance.between(-20_000, 20_000), tellsClock: true });
  const target = new SimulatedTarget({ ...traits(), knowsLimit: true }, fault);
  const history = new History(chance, new SimulatedTarget(traits()), [{ target, joined: [start], gone: [] }], {
    ...noTrouble,
    pacesMs: [chance.of([30, 120, 300])],
  });
  let at = start + minuteMs;
  for (let n = chance.whole(7, 9); n > 0; n -= 1) at = history.fill(at, chance.whole(4, 6)) + chance.between(80, 200) * secondMs; // prettier-ignore
  addRows(target, chance, { from: start, to: at, count: chance.whole(0, 12) });
  const moments = history.fills.flatMap(({ closedAt }) => [
    closedAt + chance.between(0.1, 1) * secondMs,
    closedAt + chance.between(20, 60) * secondMs,
  ]);
  return { history, chance, moments };
}

/** Any time of day; midnight more often than it comes by itself. */
function startOf(chance: Chance): number {
  const day = Date.UTC(2026, 10, 20) + chance.whole(0, 9) * dayMs;
  return day + (chance.is(0.2) ? dayMs - chance.between(0, 30) * minuteMs : chance.between(0, dayMs));
}

const traitsOf = (chance: Chance): Traits => ({
  skewMs: chance.of([0, 0, 1, -1]) * chance.of([400, 30 * secondMs, 3 * minuteMs, 2 * hourMs]) * chance.next(),
  tickMs: chance.of([1, 1, secondMs]),
  stamp: chance.of(stamps),
  knowsLimit: chance.is(0.85),
  tiesNewestFirst: chance.is(0.8),
  isReversed: chance.is(0.05),
  firstId: chance.whole(1, 5_000),
  tellsClock: chance.is(0.9),
});

/** A clock that is wrong by days or decades, and told: strangers' rows of a future that nobody told excuse nothing. */
const farOff = (chance: Chance): Pick<Traits, 'skewMs' | 'tellsClock'> => ({
  skewMs: chance.of([-1, 1]) * chance.of([2, 40, 20_000]) * dayMs * chance.between(0.5, 1),
  tellsClock: true,
});

/** From the start, late, or gone for a while and back. */
function participantOf(chance: Chance, start: number): Participant {
  const traits = traitsOf(chance);
  const target = new SimulatedTarget(chance.is(0.15) ? { ...traits, ...farOff(chance) } : traits);
  const joined = start + (chance.is(0.3) ? chance.between(0, 15) * minuteMs : 0);
  if (!chance.is(0.15)) return { target, joined: [joined], gone: [] };
  const left = joined + chance.between(3, 15) * minuteMs;
  const back = left + chance.between(0.2, 8) * minuteMs;
  return { target, joined: [joined, back], gone: [{ from: left, to: back }] };
}

const awayOf = (chance: Chance, start: number, spanMs: number): Span[] =>
  Array.from({ length: chance.whole(1, 3) }, () => {
    const from = start + chance.between(0, spanMs);
    return { from, to: from + chance.of([500, 4_000, 20_000, 200_000]) * chance.next() };
  });

/** Ends of fills; most follow each other as a schedule has them, some after hours or days. */
function fillsOf(history: History, chance: Chance, start: number): number[] {
  const iterations = chance.of([1, 2, 4, 4, 20]);
  const ends: number[] = [];
  let at = start + chance.between(0, minuteMs);
  for (let n = chance.whole(3, iterations === 20 ? 16 : 9); n > 0; n -= 1) {
    ends.push(history.fill(at, iterations));
    at = ends.at(-1)! + (chance.is(0.06) ? chance.between(1, 60) * hourMs : chance.between(5, 200) * secondMs);
  }
  return ends;
}

/** Rows of other people: a few, a steady stream, a burst that pushes others out of windows, and imports of old ones. */
function addStrangers(target: SimulatedTarget, chance: Chance, start: number, end: number): void {
  if (chance.is(0.4))
    addRows(target, chance, { from: start - 3 * dayMs, to: start, count: chance.of([3, 40, 190, 260]) });
  if (chance.is(0.3)) addRows(target, chance, { from: start, to: end, count: chance.of([5, 30, 300]) });
  if (chance.is(0.06))
    addRows(target, chance, { from: start, to: end, count: Math.min(3_000, (end - start) / secondMs) });
  if (chance.is(0.25)) {
    const from = chance.between(start, end);
    addRows(target, chance, { from, to: from + chance.of([2, 60, 600]) * secondMs, count: chance.of([20, 110, 230]) });
  }
  if (chance.is(0.1)) {
    const landed = chance.between(start, end);
    for (let n = chance.whole(1, 60); n > 0; n -= 1) addStranger(target, chance, landed, chance.between(0, 20 * dayMs));
  }
  if (chance.is(0.05)) addStranger(target, chance, chance.between(start, end), -chance.between(0, 2 * dayMs));
  if (chance.is(0.1)) for (let n = chance.whole(1, 4); n > 0; n -= 1) addCopy(target, chance, end);
}

/** Somebody writes a text of his own with a marker of ours in it. */
function addCopy({ journal, writes }: SimulatedTarget, chance: Chance, end: number): void {
  if (writes.entry.length === 0) return;
  const { marker, fill } = chance.of(writes.entry);
  journal.store({ kind: 'entry', text: `what is ${marker}, fill ${fill}?` }, end - chance.between(0, 10 * minuteMs));
}

function addRows(target: SimulatedTarget, chance: Chance, rows: { from: number; to: number; count: number }): void {
  for (let n = rows.count; n > 0; n -= 1) addStranger(target, chance, chance.between(rows.from, rows.to));
}

/** Some carry a marker of nobody here, as in an app that another lab fills too. */
function addStranger({ journal }: SimulatedTarget, chance: Chance, landed: number, ageMs = 0): void {
  const own = chance.is(0.1) ? `${markerOfNumber(chance.whole(0, 2 ** 40))} ` : '';
  const text = `${own}${chance.of(['a walk', 'rain “again”', 'tea ☕ and \\ slashes', ''])} ${chance.whole(0, 99_999)}`;
  const dice = chance.next();
  if (dice < 0.6) journal.store({ kind: 'entry', text }, landed, ageMs);
  else if (dice < 0.9)
    journal.store({ kind: 'mood', mood: chance.of(['calm', 'happy', 'tired']), note: text }, landed, ageMs); // prettier-ignore
  else journal.store({ kind: 'value', value: 2 ** 30 + chance.whole(0, 2 ** 29) }, landed);
}

/** After fills, in the middle of fills, and at any other time. */
function momentsOf({ fills }: History, chance: Chance): number[] {
  return fills.flatMap(({ requestedAt, closedAt }) => [
    closedAt + chance.between(0, 6) * secondMs,
    ...(chance.is(0.5) ? [chance.between(requestedAt, closedAt)] : []),
    ...(chance.is(0.3) ? [closedAt + chance.between(0, 150) * secondMs] : []),
  ]);
}
