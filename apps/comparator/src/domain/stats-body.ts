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

/** A sentence when the body does not have the shape of the reference app's statistics. */
export function readStats(body: unknown): Stats | string {
  const data = (body as { data?: Partial<Stats> } | null)?.data;
  if (typeof data !== 'object' || data === null) return 'The body has no "data" object.';
  for (const field of ['total_entries', 'entries_today'] as const)
    if (typeof data[field] !== 'number') return `"data.${field}" is not a number.`;
  if (!isList(data.last7_days, 'date')) return '"data.last7_days" is not a list of days with counts.';
  if (!isList(data.mood_trend, 'mood')) return '"data.mood_trend" is not a list of moods with counts.';
  return data as Stats;
}

const linesMax = 1_000;

const isList = (value: unknown, name: string): boolean =>
  Array.isArray(value) &&
  value.length <= linesMax &&
  value.every((line: unknown) => {
    const one = line as Record<string, unknown> | null;
    return typeof one === 'object' && one !== null && typeof one[name] === 'string' && typeof one['count'] === 'number';
  });
