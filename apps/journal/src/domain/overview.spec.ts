import { overview } from './overview.js';

const empty = { today: '2026-03-02', totalEntries: 0, days: [], moods: [] };

describe('the overview', () => {
  it('of an empty journal has seven empty days ending today', () => {
    expect(JSON.stringify(overview({ ...empty, today: '2026-11-20' }))).toBe(
      '{"last7_days":[{"date":"2026-11-14","count":0},{"date":"2026-11-15","count":0},{"date":"2026-11-16","count":0},{"date":"2026-11-17","count":0},{"date":"2026-11-18","count":0},{"date":"2026-11-19","count":0},{"date":"2026-11-20","count":0}],"mood_trend":[],"total_entries":0,"entries_today":0,"streak_days":0}',
    );
  });

  it('counts days over the end of a month, and only the last seven of them', () => {
    const days = [
      { date: '2026-03-02', count: 2 },
      { date: '2026-03-01', count: 1 },
      { date: '2026-02-28', count: 4 },
      { date: '2026-02-24', count: 3 },
      { date: '2026-02-23', count: 9 },
    ];
    const { last7_days, entries_today, streak_days, total_entries } = overview({ ...empty, days, totalEntries: 19 });
    expect(last7_days.map(({ count }) => count)).toEqual([3, 0, 0, 0, 4, 1, 2]);
    expect({ entries_today, streak_days, total_entries }).toEqual({
      entries_today: 2,
      streak_days: 3,
      total_entries: 19,
    });
  });

  it('knows leap days', () => {
    expect(overview({ ...empty, today: '2028-03-01' }).last7_days.map(({ date }) => date)).toContain('2028-02-29');
  });

  it('has no streak on a day without an entry', () => {
    expect(overview({ ...empty, days: [{ date: '2026-03-01', count: 5 }] }).streak_days).toBe(0);
  });

  it('puts the most frequent mood first, equal ones in the order of the form', () => {
    const moods = [
      { mood: 'tired', count: 1 },
      { mood: 'calm', count: 2 },
      { mood: 'happy', count: 1 },
    ];
    expect(overview({ ...empty, moods }).mood_trend.map(({ mood }) => mood)).toEqual(['calm', 'happy', 'tired']);
  });
});
