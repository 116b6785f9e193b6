import type { Difference, ZoneRange } from './look.js';
import { listed, readStats, type Counts, type ReadStats, type Stats } from './stats-body.js';
import { zonesOf } from './stats-zone.js';
import { storable } from './storable.js';
import type { Json } from '#libs/parity/src/values.js';

/** A row of a list, as far as statistics follow from it. `time` in ms; NaN when it shows none that can be read. */
export interface TimedRow {
  readonly time: number;
  readonly mood?: string;
}

/** The lists that statistics should follow from. `…Full`: the list shows only its newest rows. */
export interface StatsLists {
  readonly entries: readonly TimedRow[];
  readonly entriesFull: boolean;
  readonly moods: readonly TimedRow[];
  readonly moodsFull: boolean;
}

/** One side of the statistics and of its lists. */
export interface StatsSide extends StatsLists {
  readonly stats: unknown;
  /** The lists read once more, after the statistics: a side with traffic of its own was between the two. */
  readonly later?: StatsLists | undefined;
  /** The side's own clock while it answered; null when it sent no Date. */
  readonly clock: string | null;
}

export interface StatsEvidence {
  readonly baseline: StatsSide;
  readonly app: StatsSide;
  /** Our clock when both were read. */
  readonly now: string;
  /** Writes of one kind that may have landed between two of the four reads: those of fills that are open. */
  readonly slack: number;
  /** Entries that the app acknowledged in closed fills since it joined: it shows at least these. */
  readonly acknowledgedEntries: number;
}

export interface StatsFindings {
  readonly baselineRefusal: string | null;
  readonly appRefusal: string | null;
  readonly judged: readonly string[];
  /** Fields that cannot be judged now, and why. */
  readonly notNow: readonly { readonly field: string; readonly why: string }[];
  /** What is never judged, and whether the sides differ in it. */
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly hits: number }[];
  readonly differences: readonly Difference[];
  /** Zones whose midnights explain days that do not follow in UTC. */
  readonly zone: ZoneRange | undefined;
}

/**
 * Statistics are derived: they must follow from the app's own rows, whatever the baseline's say. A field is judged only when the
 * same rule explains the baseline's own statistics from the baseline's own rows: else the rule, not the app, is wrong.
 */
export function judgeStats(evidence: StatsEvidence): StatsFindings {
  const app = readStats(evidence.app.stats);
  const baseline = readStats(evidence.baseline.stats);
  if (typeof app === 'string' || typeof baseline === 'string') return refused(baseline, app);
  const judged: string[] = [];
  const notNow: { field: string; why: string }[] = [];
  const differences: Difference[] = [];
  for (const rule of rules) {
    const expected = expectedOf(rule, evidence.app, evidence);
    const doubt = typeof expected === 'string' ? expected : baselineDoubt(rule, baseline.stats, evidence);
    const isRetyped = app.retyped.includes(rule.field) && !baseline.retyped.includes(rule.field);
    const isOff = doubt === undefined && typeof expected !== 'string' && !fits(rule.read(app.stats), expected, evidence.slack); // prettier-ignore
    if (doubt !== undefined && !isRetyped) notNow.push({ field: rule.field, why: doubt });
    else judged.push(rule.field);
    if (isOff || isRetyped)
      differences.push(
        differenceOf(rule, { app, shown: evidence.app.stats, expected, kind: isOff ? 'value' : 'type' }),
      );
  }
  const zone = zoneOf(app.stats, differences, evidence);
  return {
    ...{ baselineRefusal: null, appRefusal: null, judged, notNow, zone },
    ...{ rules: unjudged(baseline.stats, app.stats), differences },
  };
}

/** What days in another zone would explain: when it is the days that do not follow, and the totals do. */
function zoneOf(stats: Stats, differences: readonly Difference[], { app, now }: StatsEvidence): ZoneRange | undefined {
  const wrong = differences.map(({ what }) => what);
  if (!wrong.includes('last7_days') || wrong.includes('total_entries')) return undefined;
  const days = listed(stats.last7_days, 'date');
  const clock = Date.parse(app.clock ?? now);
  const zoneBy = ({ entries }: StatsLists) =>
    zonesOf({ days, today: stats.entries_today, entryTimes: timesOf(entries), now: clock });
  return zoneBy(app) ?? (app.later && zoneBy(app.later));
}

/** A sentence when the rule does not explain the baseline's own statistics, or cannot be applied to them. */
function baselineDoubt(rule: StatsRule, baseline: Stats, evidence: StatsEvidence): string | undefined {
  const expected = expectedOf(rule, evidence.baseline, { ...evidence, acknowledgedEntries: 0 });
  if (typeof expected === 'string') return `of the baseline, ${expected}`;
  return fits(rule.read(baseline), expected, evidence.slack) ? undefined : 'the baseline’s own does not follow either';
}

/** Between two counts, for each name; a field that is one count has one name. */
type Expected = ReadonlyMap<string, { readonly min: number; readonly max: number }>;

interface StatsRule {
  readonly field: string;
  readonly read: (stats: Stats) => Counts;
  /** A sentence when the rows do not tell. */
  readonly expect: (lists: StatsLists, evidence: StatsEvidence) => Expected | string;
  /** Whether it counts by time: then the side's clock and times must be known. */
  readonly isTimed: boolean;
}

const dayMs = 86_400_000;
const guardMs = 120_000;
const one = (count: number): Counts => new Map([['', count]]);
const exactly = (counts: Counts): Expected =>
  new Map([...counts].map(([name, count]) => [name, { min: count, max: count }]));

const rules: readonly StatsRule[] = [
  {
    field: 'total_entries',
    isTimed: false,
    read: (stats) => one(stats.total_entries),
    expect: ({ entries, entriesFull }, { acknowledgedEntries }) => {
      if (!entriesFull) return exactly(one(entries.length));
      return new Map([['', { min: Math.max(entries.length, acknowledgedEntries), max: Infinity }]]);
    },
  },
  {
    field: 'entries_today',
    isTimed: true,
    read: (stats) => one(stats.entries_today),
    expect: ({ entries, entriesFull }, { now }) => {
      const unsure = dayUnsure(now) ?? windowUnsure(entries, entriesFull, startOfDay(now));
      const today = { from: startOfDay(now), to: startOfDay(now) + dayMs };
      return unsure ?? countsWithin(today, [['', NaN], ...timesOf(entries).map((time) => ['', time] as const)]);
    },
  },
  {
    field: 'last7_days',
    isTimed: true,
    read: (stats) => listed(stats.last7_days, 'date'),
    expect: ({ entries, entriesFull }, { now }) => {
      const from = startOfDay(now) - 5 * dayMs;
      const unsure = dayUnsure(now) ?? windowUnsure(entries, entriesFull, from);
      if (unsure) return unsure;
      const counts = new Array<number>(6).fill(0);
      for (const { time } of entries) {
        const day = Math.floor((time - from) / dayMs);
        if (day >= 0 && day < counts.length) counts[day]! += 1;
      }
      const days = new Map(counts.map((count, i) => [isoDay(from + i * dayMs), count]));
      return new Map([...exactly(days), [isoDay(from - dayMs), { min: 0, max: Infinity }]]);
    },
  },
  {
    field: 'mood_trend',
    isTimed: true,
    read: (stats) => listed(stats.mood_trend, 'mood'),
    expect: ({ moods, moodsFull }, { now }) => {
      const edge = Date.parse(now) - 7 * dayMs;
      const unsure = windowUnsure(moods, moodsFull, edge - guardMs);
      if (unsure) return unsure;
      if (timesOf(moods).some((time) => Math.abs(time - edge) < guardMs))
        return 'a mood is just leaving the seven days';
      const week = { from: edge, to: Date.parse(now) + guardMs };
      return countsWithin(
        week,
        moods.map(({ mood = '', time }) => [mood, time]),
      );
    },
  },
];

/** Times within a stretch, for each name; those after it lie in the future, and each app may count them or not. */
function countsWithin(
  { from, to }: { readonly from: number; readonly to: number },
  times: readonly (readonly [name: string, time: number])[],
): Expected {
  const counts = new Map<string, { min: number; max: number }>();
  for (const [name, time] of times) {
    const count = counts.get(name) ?? { min: 0, max: 0 };
    counts.set(name, count);
    if (time >= from) count.max += 1;
    if (time >= from && time < to) count.min += 1;
  }
  return counts;
}

/** What a field must be by the side's lists; with lists from before and after it, anything between the two. */
function expectedOf(rule: StatsRule, side: StatsSide, evidence: StatsEvidence): Expected | string {
  const unsure = rule.isTimed ? clockUnsure(side, evidence) : undefined;
  if (unsure) return unsure;
  const before = rule.expect(side, evidence);
  const after = side.later ? rule.expect(side.later, evidence) : before;
  if (typeof before === 'string' || typeof after === 'string')
    return typeof before === 'string' ? before : (after as string);
  const nothing = { min: 0, max: 0 };
  return new Map(
    [...new Set([...before.keys(), ...after.keys()])].map((name) => {
      const [a, b] = [before.get(name) ?? nothing, after.get(name) ?? nothing];
      return [name, { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }];
    }),
  );
}

/** When a side's clock is off or unknown, nobody can say which day it counts a row for, nor what it has left behind. */
function clockUnsure({ clock }: StatsSide, { now }: StatsEvidence): string | undefined {
  if (clock === null) return 'it does not tell its clock';
  return Math.abs(Date.parse(clock) - Date.parse(now)) > guardMs ? 'its clock is more than two minutes off' : undefined;
}

function dayUnsure(now: string): string | undefined {
  const intoDay = Date.parse(now) - startOfDay(now);
  return intoDay < guardMs || intoDay > dayMs - guardMs ? 'the day is just changing' : undefined;
}

/** A list that is full tells nothing about rows older than its oldest; one with a time that cannot be read tells nothing about time. */
function windowUnsure(rows: readonly TimedRow[], full: boolean, from: number): string | undefined {
  const times = timesOf(rows);
  if (times.some(Number.isNaN)) return 'a row has no time that can be read';
  const oldest = times.reduce((least, time) => Math.min(least, time), Infinity);
  return full && oldest >= from ? 'the list does not reach back far enough' : undefined;
}

const timesOf = (rows: readonly TimedRow[]): number[] => rows.map(({ time }) => time);

/** By how much all counts together lie outside of what they may be. */
function fits(shown: Counts, expected: Expected, slack: number): boolean {
  let distance = 0;
  for (const name of new Set([...shown.keys(), ...expected.keys()])) {
    const { min, max } = expected.get(name) ?? { min: 0, max: 0 };
    const count = shown.get(name) ?? 0;
    distance += Math.max(min - count, count - max, 0);
  }
  return distance <= slack;
}

interface Shown {
  readonly app: ReadStats;
  /** The body as it came. */
  readonly shown: unknown;
  readonly expected: Expected | string;
  readonly kind: 'value' | 'type';
}

/** Of a field that is as it should be but for its type, what it should be is what it says. */
function differenceOf({ field, read }: StatsRule, { app, shown, expected, kind }: Shown): Difference {
  const asJson = (counts: ReadonlyMap<string, unknown>) =>
    storable((counts.has('') && counts.size === 1 ? counts.get('') : Object.fromEntries(counts)) as Json);
  const ranges =
    typeof expected === 'string' || kind === 'type'
      ? read(app.stats)
      : new Map([...expected].flatMap(([name, range]) => (isAnything(range) ? [] : [[name, rangeText(range)]])));
  const should = asJson(ranges);
  const asItCame = storable(((shown as { data: Record<string, Json> }).data[field] ?? null) as Json);
  const theirs = kind === 'type' ? asItCame : asJson(read(app.stats));
  return {
    ...{ kind: 'derived', marker: null, what: field, fill: null, acknowledgedAt: null },
    baseline: { [field]: should },
    app: { [field]: theirs },
    fields: [{ path: `/data/${field}`, kind, baseline: should, app: theirs }],
  };
}

const isAnything = ({ min, max }: { min: number; max: number }): boolean => min === 0 && max === Infinity;
function rangeText({ min, max }: { min: number; max: number }): number | string {
  if (min === max) return min;
  return max === Infinity ? `at least ${min}` : `${min} to ${max}`;
}

const unjudged = (baseline: Stats, app: Stats): StatsFindings['rules'] => [
  {
    name: 'not judged: streak_days',
    reason: 'How a streak is counted is for each app to say.',
    hits: Number(JSON.stringify(baseline.streak_days) !== JSON.stringify(app.streak_days)),
  },
  {
    name: 'not judged: the oldest of the seven days',
    reason: 'It is leaving the list while it is read.',
    hits: Number(JSON.stringify(baseline.last7_days[0]) !== JSON.stringify(app.last7_days[0])),
  },
];

const refused = (baseline: ReadStats | string, app: ReadStats | string): StatsFindings => ({
  baselineRefusal: typeof baseline === 'string' ? baseline : null,
  appRefusal: typeof app === 'string' ? app : null,
  ...{ judged: [], notNow: [], rules: [], differences: [], zone: undefined },
});

const startOfDay = (time: string): number => Math.floor(Date.parse(time) / dayMs) * dayMs;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
