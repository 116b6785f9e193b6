import type { Difference } from './look.js';

/** A row of a list with a time of its own, as an app shows it. */
export interface TimedRow {
  readonly createdAt: string;
  readonly mood?: string;
}

/** One side of the statistics and of the lists that they should follow from. `entriesFull`: the list shows only its newest rows. */
export interface StatsSide {
  readonly stats: unknown;
  readonly entries: readonly TimedRow[];
  readonly entriesFull: boolean;
  readonly moods: readonly TimedRow[];
  readonly moodsFull: boolean;
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
  readonly differences: readonly Difference[];
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
    const expected = rule.expect(evidence.app, evidence);
    if (typeof expected === 'string') notNow.push({ field: rule.field, why: expected });
    else if (!isExplained(rule, baseline, evidence))
      notNow.push({ field: rule.field, why: 'the baseline’s own does not follow either' });
    else {
      judged.push(rule.field);
      const shown = rule.read(app);
      if (!fits(shown, expected, evidence.slack)) differences.push(differenceOf(rule.field, shown, expected));
    }
  }
  return { baselineRefusal: null, appRefusal: null, judged, notNow, differences };
}

function isExplained(rule: StatsRule, baseline: Stats, evidence: StatsEvidence): boolean {
  const expected = rule.expect(evidence.baseline, { ...evidence, acknowledgedEntries: 0 });
  return typeof expected !== 'string' && fits(rule.read(baseline), expected, evidence.slack);
}

interface Stats {
  readonly total_entries: number;
  readonly entries_today: number;
  readonly last7_days: readonly { readonly date: string; readonly count: number }[];
  readonly mood_trend: readonly { readonly mood: string; readonly count: number }[];
}

/** Between two counts, or a count for each name. */
type Expected = { readonly min: number; readonly max: number } | ReadonlyMap<string, number>;
type Shown = number | ReadonlyMap<string, number>;

interface StatsRule {
  readonly field: string;
  readonly read: (stats: Stats) => Shown;
  /** A sentence when the rows do not tell. */
  readonly expect: (side: StatsSide, evidence: StatsEvidence) => Expected | string;
}

const dayMs = 86_400_000;
const guardMs = 120_000;

const rules: readonly StatsRule[] = [
  {
    field: 'total_entries',
    read: (stats) => stats.total_entries,
    expect: (side, { acknowledgedEntries }) => {
      const seen = side.entries.length;
      return side.entriesFull ? { min: Math.max(seen, acknowledgedEntries), max: Infinity } : { min: seen, max: seen };
    },
  },
  {
    field: 'entries_today',
    read: (stats) => stats.entries_today,
    expect: (side, evidence) => {
      const unsure =
        dayUnsure(side, evidence) ?? windowUnsure(side.entries, side.entriesFull, startOfDay(evidence.now));
      if (unsure) return unsure;
      const today = side.entries.filter((row) => Date.parse(row.createdAt) >= startOfDay(evidence.now)).length;
      return { min: today, max: today };
    },
  },
  {
    field: 'last7_days',
    read: (stats) => new Map(stats.last7_days.slice(1).map((day) => [day.date, day.count])),
    expect: (side, evidence) => {
      const from = startOfDay(evidence.now) - 5 * dayMs;
      const unsure = dayUnsure(side, evidence) ?? windowUnsure(side.entries, side.entriesFull, from);
      if (unsure) return unsure;
      const days = new Map(Array.from({ length: 6 }, (_, i) => [isoDay(from + i * dayMs), 0]));
      for (const row of side.entries) {
        const day = isoDay(Date.parse(row.createdAt));
        if (days.has(day)) days.set(day, days.get(day)! + 1);
      }
      return days;
    },
  },
  {
    field: 'mood_trend',
    read: (stats) => new Map(stats.mood_trend.map((line) => [line.mood, line.count])),
    expect: (side, evidence) => {
      const edge = Date.parse(evidence.now) - 7 * dayMs;
      const unsure = windowUnsure(side.moods, side.moodsFull, edge - guardMs);
      if (unsure) return unsure;
      if (side.moods.some((row) => Math.abs(Date.parse(row.createdAt) - edge) < guardMs))
        return 'a mood is just leaving the seven days';
      const counts = new Map<string, number>();
      for (const row of side.moods)
        if (Date.parse(row.createdAt) > edge) counts.set(row.mood ?? '', (counts.get(row.mood ?? '') ?? 0) + 1);
      return counts;
    },
  },
];

/** Around midnight, and when a side's clock is off, nobody can say which day a row belongs to. */
function dayUnsure({ clock }: StatsSide, { now }: StatsEvidence): string | undefined {
  const intoDay = Date.parse(now) - startOfDay(now);
  if (intoDay < guardMs || intoDay > dayMs - guardMs) return 'the day is just changing';
  if (clock !== null && Math.abs(Date.parse(clock) - Date.parse(now)) > guardMs)
    return 'its clock is more than two minutes off';
  return undefined;
}

/** A list that is full tells nothing about rows older than its oldest. */
function windowUnsure(rows: readonly TimedRow[], full: boolean, from: number): string | undefined {
  const oldest = Math.min(...rows.map((row) => Date.parse(row.createdAt)));
  return full && oldest >= from ? 'the list does not reach back far enough' : undefined;
}

function fits(shown: Shown, expected: Expected, slack: number): boolean {
  if (typeof shown === 'number')
    return 'min' in expected && shown >= expected.min - slack && shown <= expected.max + slack;
  if ('min' in expected) return false;
  const names = new Set([...shown.keys(), ...expected.keys()]);
  const distance = [...names].reduce(
    (sum, name) => sum + Math.abs((shown.get(name) ?? 0) - (expected.get(name) ?? 0)),
    0,
  );
  return distance <= slack;
}

function differenceOf(field: string, shown: Shown, expected: Expected): Difference {
  const app = typeof shown === 'number' ? shown : Object.fromEntries(shown);
  const should =
    'min' in expected
      ? expected.min === expected.max
        ? expected.min
        : `at least ${expected.min}`
      : Object.fromEntries(expected);
  const fields = [{ path: `/data/${field}`, kind: 'value', baseline: should, app }];
  return {
    kind: 'derived',
    marker: null,
    what: field,
    fill: null,
    acknowledgedAt: null,
    baseline: { [field]: should },
    app: { [field]: app },
    fields,
  };
}

const refused = (baseline: Stats | string, app: Stats | string): StatsFindings => ({
  baselineRefusal: typeof baseline === 'string' ? baseline : null,
  appRefusal: typeof app === 'string' ? app : null,
  judged: [],
  notNow: [],
  differences: [],
});

/** A sentence when the body does not have the shape of the reference app's statistics. */
function readStats(body: unknown): Stats | string {
  const data = (body as { data?: Partial<Stats> } | null)?.data;
  if (typeof data !== 'object' || data === null) return 'The body has no "data" object.';
  for (const field of ['total_entries', 'entries_today'] as const)
    if (typeof data[field] !== 'number') return `"data.${field}" is not a number.`;
  if (!isList(data.last7_days, 'date')) return '"data.last7_days" is not a list of days with counts.';
  if (!isList(data.mood_trend, 'mood')) return '"data.mood_trend" is not a list of moods with counts.';
  return data as Stats;
}

const isList = (value: unknown, name: string): boolean =>
  Array.isArray(value) &&
  value.every((line: unknown) => {
    const one = line as Record<string, unknown> | null;
    return typeof one === 'object' && one !== null && typeof one[name] === 'string' && typeof one['count'] === 'number';
  });

const startOfDay = (time: string): number => Math.floor(Date.parse(time) / dayMs) * dayMs;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
