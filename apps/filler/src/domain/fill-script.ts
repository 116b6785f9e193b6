import type { WritePayload } from '#libs/contracts/src/filler.js';
import { markerOfNumber, MARKER_LENGTH, MARKER_MAX } from '#libs/parity/src/marker.js';
import { seededRandom, type Random } from './seeded-random.js';

/** One write of a fill, the same for every target. */
export interface PlannedWrite {
  readonly index: number;
  readonly marker: string;
  readonly payload: WritePayload;
}

export interface FillScript {
  readonly seed: string;
  /** Fills count from 1; it makes the values of this fill unlike those of any other. */
  readonly number: number;
  readonly mode: 'all' | 'random';
  readonly iterations: number;
}

/**
 * What a fill writes: per iteration an entry, a mood and a value (`all`), or one of them (`random`). A function of the seed,
 * so that baseline and apps get the same without talking about it. Every text carries a marker at its end; a value is its own.
 */
export function writesOf({ seed, number, mode, iterations }: FillScript): PlannedWrite[] {
  const random = seededRandom(seed);
  const writes: PlannedWrite[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const value = uniqueValue(number, iteration);
    const three = [entry(random), mood(random), { marker: `#${value}`, payload: { kind: 'value' as const, value } }];
    const chosen = mode === 'all' ? three : [three[random.below(3)]!];
    for (const write of chosen) writes.push({ index: writes.length, ...write });
  }
  return writes;
}

const entryCharsMax = 200;
const noteCharsMax = 240;

function entry(random: Random): Omit<PlannedWrite, 'index'> {
  const marker = randomMarker(random);
  const text = `${random.of(openings)} ${random.of(things)} ${random.of(endings)}`;
  return { marker, payload: { kind: 'entry', text: fit(text, marker, entryCharsMax) } };
}

function mood(random: Random): Omit<PlannedWrite, 'index'> {
  const marker = randomMarker(random);
  const note = random.below(4) === 0 ? random.of(feelings) : `${random.of(feelings)}, ${random.of(reasons)}`;
  return { marker, payload: { kind: 'mood', mood: random.of(moods), note: fit(note, marker, noteCharsMax) } };
}

/** Trimmed and short enough for every app: what is sent is what must come back, character by character. */
const fit = (text: string, marker: string, charsMax: number): string =>
  `${text.slice(0, charsMax - MARKER_LENGTH - 1).trim()} ${marker}`;

const randomMarker = (random: Random): string => markerOfNumber(Math.floor(random.fraction() * (MARKER_MAX + 1)));

/**
 * A positive int4 below 2^30 that no other fill writes: a bijection of (fill, iteration), so that values look random and never
 * collide. The numbers from 2^30 on are kept for canaries. Good for 53 million fills of up to 20 iterations.
 */
export const uniqueValue = (fillNumber: number, iteration: number): number => {
  const ordinal = BigInt(fillNumber * 20 + iteration) % 2n ** 30n;
  return Number((ordinal * 0x2c1b_3c6dn + 0x1357_9bdn) % 2n ** 30n) || 2 ** 30 - 1;
};

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
