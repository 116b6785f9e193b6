/** The statistics as the reference app answers them. */
export interface Stats {
  readonly total_entries: number;
  readonly entries_today: number;
  readonly last7_days: readonly { readonly date: string; readonly count: number }[];
  readonly mood_trend: readonly { readonly mood: string; readonly count: number }[];
  readonly streak_days?: unknown;
}

/** A count for each name. */
export type Counts = ReadonlyMap<string, number>;

/** A list of names with counts; a name that stands twice counts twice. */
export function listed<Name extends string>(
  lines: readonly ({ readonly count: number } & Readonly<Record<Name, string>>)[],
  name: Name,
): Counts {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line[name], (counts.get(line[name]) ?? 0) + line.count);
  return counts;
}

/** Statistics that could be read. `retyped`: fields whose counts are text where the reference app has numbers. */
export interface ReadStats {
  readonly stats: Stats;
  readonly retyped: readonly string[];
}

/** A sentence when the body does not have the shape of the reference app's statistics. */
export function readStats(body: unknown): ReadStats | string {
  const data = (body as { data?: Record<string, unknown> } | null)?.data;
  if (typeof data !== 'object' || data === null) return 'The body has no "data" object.';
  const read = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, withNumbers(value)]));
  for (const field of ['total_entries', 'entries_today'] as const)
    if (typeof read[field] !== 'number') return `"data.${field}" is not a number.`;
  if (!isList(read['last7_days'], 'date')) return '"data.last7_days" is not a list of days with counts.';
  if (!isList(read['mood_trend'], 'mood')) return '"data.mood_trend" is not a list of moods with counts.';
  const retyped = Object.keys(read).filter((field) => JSON.stringify(read[field]) !== JSON.stringify(data[field]));
  return { stats: read as unknown as Stats, retyped };
}

/** Counts that came as text, as numbers: `"12"`, and those of a list of counts. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value)) return Number(value);
  if (!Array.isArray(value) || value.length > linesMax) return value;
  return value.map((line: unknown) => {
    const count = (line as { count?: unknown } | null)?.count;
    return typeof count === 'string' ? { ...(line as object), count: withNumbers(count) } : line;
  });
}

const linesMax = 1_000;

const isList = (value: unknown, name: string): boolean =>
  Array.isArray(value) &&
  value.length <= linesMax &&
  value.every((line: unknown) => {
    const one = line as Record<string, unknown> | null;
    return typeof one === 'object' && one !== null && typeof one[name] === 'string' && typeof one['count'] === 'number';
  });
