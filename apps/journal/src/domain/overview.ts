import { moods } from './mood.js';

export interface DayCount {
  /** A UTC calendar day, YYYY-MM-DD. */
  date: string;
  count: number;
}
export interface MoodCount {
  mood: string;
  count: number;
}
/** What the database counted in one snapshot. `days` holds only days with entries, newest first, at most 60. */
export interface Counted {
  today: string;
  totalEntries: number;
  days: DayCount[];
  moods: MoodCount[];
}
export interface Overview {
  last7_days: DayCount[];
  mood_trend: MoodCount[];
  total_entries: number;
  entries_today: number;
  streak_days: number;
}

const dayMs = 86_400_000;
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);

/** The answer of /api/stats/overview, in the reference app's field order; oldest day first, most frequent mood first. */
export function overview({ today, totalEntries, days, moods: moodCounts }: Counted): Overview {
  const perDay = new Map(days.map(({ date, count }) => [date, count]));
  const lastSeven = [6, 5, 4, 3, 2, 1, 0].map((ago) => dayBefore(today, ago));
  return {
    last7_days: lastSeven.map((date) => ({ date, count: perDay.get(date) ?? 0 })),
    mood_trend: moodCounts.toSorted((a, b) => b.count - a.count || rank(a.mood) - rank(b.mood)),
    total_entries: totalEntries,
    entries_today: perDay.get(today) ?? 0,
    streak_days: streak(today, perDay),
  };
}

const rank = (mood: string): number => (moods as readonly string[]).indexOf(mood);

/** Days in a row with an entry, ending today: no entry today, no streak. */
function streak(today: string, perDay: ReadonlyMap<string, number>): number {
  let length = 0;
  while (perDay.has(dayBefore(today, length))) length++;
  return length;
}
