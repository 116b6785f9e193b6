import { edgeOf, edgeText, edgeValue, type Edge } from './edge-rows.js';
import { seededRandom, type Random } from './seeded-random.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';
import { markerOfNumber, MARKER_MAX } from '#libs/parity/src/marker.js';

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
 * What a fill writes: per iteration an entry, a mood and a value (`all`), or one of them (`random`); one of the three is an edge row. A
 * function of the script, so that baseline and apps get the same without talking about it. Every text begins with its marker, so that an
 * app that cuts texts keeps it, and the row is called changed, not missing; a value is its own marker.
 */
export function writesOf({ seed, installation, number, mode, iterations }: FillScript): PlannedWrite[] {
  const random = seededRandom(seed);
  const valueOf = uniqueValues(installation);
  const writes: PlannedWrite[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const edge = edgeOf((number - 1) * iterations + iteration, (round) => seededRandom(`${installation} ${round}`));
    const three = [entry(random, edge), mood(random, edge), value(valueOf(number, iteration), edge)];
    const chosen = mode === 'all' ? three : [three[random.below(3)]!];
    for (const write of chosen) writes.push({ index: writes.length, ...write });
  }
  return writes;
}

/**
 * What only the second baseline is sent, before everything else: an entry and a mood. So its rows have other numbers than those of the
 * baseline, and that apps number their rows themselves is seen by comparing the two.
 */
export function shadowWritesOf({ seed }: Pick<FillScript, 'seed'>): PlannedWrite[] {
  const random = seededRandom(`${seed} second baseline`);
  return [entry(random), mood(random)].map((write, index) => ({ index, ...write }));
}

type Unplaced = Omit<PlannedWrite, 'index'>;

export function entry(random: Random, edge?: Edge): Unplaced {
  const marker = randomMarker(random);
  const ordinary = `${random.of(openings)} ${random.of(things)} ${random.of(endings)}`;
  if (edge?.write !== 'entry') return { marker, payload: { kind: 'entry', text: marked(marker, ordinary) } };
  const text = marked(marker, edgeText(edge.kind, 'entry', random));
  return { marker, payload: { kind: 'entry', text, edge: edge.kind } };
}

export function mood(random: Random, edge?: Edge): Unplaced {
  const marker = randomMarker(random);
  const ordinary = random.below(4) === 0 ? random.of(feelings) : `${random.of(feelings)}, ${random.of(reasons)}`;
  const how = random.of(moods);
  if (edge?.write !== 'mood') return { marker, payload: { kind: 'mood', mood: how, note: marked(marker, ordinary) } };
  const note = marked(marker, edgeText(edge.kind, 'mood', random));
  return { marker, payload: { kind: 'mood', mood: how, note, edge: edge.kind } };
}

function value(unique: number, edge: Edge): Unplaced {
  if (edge.write !== 'value') return { marker: `#${unique}`, payload: { kind: 'value', value: unique } };
  const number = edgeValue(edge.kind, unique);
  return { marker: `#${number}`, payload: { kind: 'value', value: number, edge: edge.kind } };
}

/** No space at either end: what is sent is what must come back, character by character. */
const marked = (marker: string, text: string): string => (text === '' ? marker : `${marker} ${text}`);

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
