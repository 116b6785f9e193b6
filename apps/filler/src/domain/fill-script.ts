import type { WritePayload } from '#libs/contracts/src/filler.js';
import { markerOfNumber, MARKER_LENGTH, MARKER_MAX } from '#libs/parity/src/marker.js';
import { seededRandom, type Random } from './seeded-random.js';

/** One write of a fill, the same for every target. */
export interface PlannedWrite {
  readonly index: number;
  readonly marker: string;
  readonly payload: WritePayload;
  /** Only the baseline is sent it; see canaries.ts. */
  readonly isCanary?: boolean;
}

export interface FillScript {
  readonly seed: string;
  /** A name of this installation that no other has: its values are unlike those of any other. */
  readonly installation: string;
  /** Fills count from 1; it makes the values of this fill unlike those of any other. */
  readonly number: number;
  readonly mode: 'all' | 'random';
  readonly iterations: number;
}

/**
 * What a fill writes: per iteration an entry, a mood and a value (`all`), or one of them (`random`). A function of the seed,
 * so that baseline and apps get the same without talking about it. Every text begins with its marker, so that an app that cuts texts
 * keeps it, and the row is called changed, not missing; a value is its own marker.
 */
export function writesOf({ seed, installation, number, mode, iterations }: FillScript): PlannedWrite[] {
  const random = seededRandom(seed);
  const valueOf = uniqueValues(installation);
  const writes: PlannedWrite[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const value = valueOf(number, iteration);
    const three = [entry(random), mood(random), { marker: `#${value}`, payload: { kind: 'value' as const, value } }];
    const chosen = mode === 'all' ? three : [three[random.below(3)]!];
    for (const write of chosen) writes.push({ index: writes.length, ...write });
  }
  return writes;
}

const entryCharsMax = 200;
const noteCharsMax = 240;

export function entry(random: Random): Omit<PlannedWrite, 'index'> {
  const marker = randomMarker(random);
  const text = `${random.of(openings)} ${random.of(things)} ${random.of(endings)}`;
  return { marker, payload: { kind: 'entry', text: fit(text, marker, entryCharsMax) } };
}

export function mood(random: Random): Omit<PlannedWrite, 'index'> {
  const marker = randomMarker(random);
  const note = random.below(4) === 0 ? random.of(feelings) : `${random.of(feelings)}, ${random.of(reasons)}`;
  return { marker, payload: { kind: 'mood', mood: random.of(moods), note: fit(note, marker, noteCharsMax) } };
}

/** Trimmed and short enough for every app: what is sent is what must come back, character by character. */
const fit = (text: string, marker: string, charsMax: number): string =>
  `${marker} ${text.slice(0, charsMax - MARKER_LENGTH - 1).trim()}`;

const randomMarker = (random: Random): string => markerOfNumber(Math.floor(random.fraction() * (MARKER_MAX + 1)));

/** The largest prime below 2^30: modulo a prime every multiplication is a bijection. */
const valuesInAll = 2n ** 30n - 35n;

/**
 * Numbers the values of one installation: a positive int4 below 2^30 for each (fill, iteration), never one twice within 53 million
 * fills of up to 20 iterations. They look random, and two installations give another order: an app that kept the values of an earlier
 * one has not got those of this one. The numbers from 2^30 on are kept for canaries.
 */
export function uniqueValues(installation: string): (fillNumber: number, iteration: number) => number {
  const random = seededRandom(installation);
  const below = () => BigInt(Math.floor(random.fraction() * Number(valuesInAll - 1n)));
  const [factor, offset] = [below() + 1n, below()];
  return (fillNumber, iteration) => Number((BigInt(fillNumber * 20 + iteration) * factor + offset) % valuesInAll) + 1;
}

const moods = ['grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized'] as const;
const openings = [
  'Grateful for',
  'Smiled about',
  'Quietly proud of',
  'Glad I noticed',
  'Thankful for',
  'Still thinking of',
] as const;
const things = [
  'a short walk outside',
  'the first coffee of the day',
  'a kind message from a friend',
  'the rain on the window',
  'finishing a hard chapter',
  'a long talk with my sister',
  'the neighbour’s piano',
  'bread that was still warm',
] as const;
const endings = [
  'before work.',
  'this morning.',
  'after a long day.',
  'when I least expected it.',
  'on the way home.',
  'today.',
] as const;
const feelings = [
  'slept well',
  'a bit slow',
  'clear head',
  'full of plans',
  'need a break',
  'light and quick',
] as const;
const reasons = [
  'because of the sun',
  'after yesterday’s run',
  'too many meetings',
  'good music helped',
  'tea instead of coffee',
] as const;
