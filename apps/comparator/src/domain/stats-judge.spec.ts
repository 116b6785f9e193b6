import fc from 'fast-check';
import { judgeStats, type StatsEvidence, type StatsSide, type TimedRow } from './stats-judge.js';
import { isoMs } from '#libs/parity/src/tolerance.js';

const now = '2026-11-20T15:00:00.000Z';
const day = (ms: number) => (Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10));
const hoursAgo = (hours: number): TimedRow => ({ time: Math.trunc(Date.parse(now) - hours * 3_600_000) });
const stamped = (text: string): TimedRow => ({ time: isoMs(text) });

/** What the reference app would answer for these rows, in UTC. */
function statsOf(entries: readonly TimedRow[], moods: readonly TimedRow[], at = now) {
  const start = Date.parse(`${at.slice(0, 10)}T00:00:00.000Z`);
  const days = Array.from({ length: 7 }, (_, i) => day(start - (6 - i) * 86_400_000));
  const trend = new Map<string, number>();
  for (const row of moods)
    if (row.time > Date.parse(at) - 7 * 86_400_000) trend.set(row.mood!, (trend.get(row.mood!) ?? 0) + 1);
  return {
    data: {
      last7_days: days.map((date) => ({ date, count: entries.filter((row) => day(row.time) === date).length })),
      mood_trend: [...trend].map(([mood, count]) => ({ mood, count })),
      total_entries: entries.length,
      entries_today: entries.filter(({ time }) => time >= start).length,
      streak_days: 1,
    },
  };
}
const side = (
  entries: readonly TimedRow[],
  moods: readonly TimedRow[] = [],
  part: Partial<StatsSide> = {},
): StatsSide => ({
  stats: statsOf(entries, moods),
  entries,
  entriesFull: false,
  moods,
  moodsFull: false,
  clock: now,
  ...part,
});
const evidence = (app: StatsSide, part: Partial<StatsEvidence> = {}): StatsEvidence => ({
  baseline: side([hoursAgo(1), hoursAgo(30)], [{ ...hoursAgo(2), mood: 'calm' }]),
  app,
  now,
  slack: 0,
  acknowledgedEntries: 0,
  ...part,
});

describe('judging statistics', () => {
  it('accepts statistics that follow from the app’s own rows, whatever the baseline has', () => {
    const app = side([hoursAgo(3)], [{ ...hoursAgo(1), mood: 'happy' }]);
    expect(judgeStats(evidence(app))).toMatchObject({
      differences: [],
      judged: ['total_entries', 'entries_today', 'last7_days', 'mood_trend'],
    });
  });

  it('accepts them for any rows at any time of day', () => {
    const rows = fc.array(fc.double({ min: 0, max: 24 * 9, noNaN: true }), { maxLength: 30 });
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(rows, rows, minute, (entryHours, moodHours, minutes) => {
        const at = new Date(Date.UTC(2026, 10, 20, 0, minutes, 30)).toISOString();
        const shifted = (hours: number): TimedRow => ({ time: Math.trunc(Date.parse(at) - hours * 3_600_000) });
        const entries = entryHours.map(shifted);
        const moods = moodHours.map((hours, i) => ({ ...shifted(hours), mood: ['calm', 'tired'][i % 2]! }));
        const app = side(entries, moods, { stats: statsOf(entries, moods, at), clock: at });
        const baseline = side([], [], { stats: statsOf([], [], at), clock: at });
        expect(judgeStats(evidence(app, { baseline, now: at })).differences).toEqual([]);
      }),
    );
  });

  it('names each field that does not follow', () => {
    const entries = [hoursAgo(1), hoursAgo(2)];
    const stats = statsOf(entries, []);
    stats.data.total_entries = 5;
    stats.data.entries_today = 0;
    const findings = judgeStats(evidence(side(entries, [], { stats })));
    expect(findings.differences.map((one) => one.what)).toEqual(['total_entries', 'entries_today']);
    expect(findings.differences[0]).toMatchObject({
      kind: 'derived',
      baseline: { total_entries: 2 },
      app: { total_entries: 5 },
    });
  });

  it('finds loss behind a full window in the total', () => {
    const entries = Array.from({ length: 200 }, (_, i) => hoursAgo(i / 100));
    const stats = statsOf(entries, []);
    const full = side(entries, [], { stats, entriesFull: true });
    expect(judgeStats(evidence(full, { acknowledgedEntries: 200 })).differences).toEqual([]);
    expect(judgeStats(evidence(full, { acknowledgedEntries: 260 })).differences).toMatchObject([
      { what: 'total_entries' },
    ]);
  });

  it('judges no day around midnight, nor with a clock that is off, nor a list that is too short', () => {
    const midnight = '2026-11-20T00:01:00.000Z';
    const wrong = side([hoursAgo(1)], [], { stats: statsOf([], []) });
    const fieldsNotNow = (part: Partial<StatsEvidence>, app = wrong) =>
      judgeStats(evidence(app, part)).notNow.map((one) => one.field);
    expect(
      fieldsNotNow(
        { now: midnight, baseline: side([], [], { stats: statsOf([], [], midnight), clock: midnight }) },
        { ...wrong, clock: midnight },
      ),
    ).toEqual(['entries_today', 'last7_days']);
    for (const clock of ['2026-11-20T15:10:00.000Z', null])
      expect(fieldsNotNow({}, { ...wrong, clock })).toEqual(['entries_today', 'last7_days', 'mood_trend']);
    expect(fieldsNotNow({}, { ...wrong, entriesFull: true, moodsFull: true })).toEqual([
      'entries_today',
      'last7_days',
      'mood_trend',
    ]);
  });

  it('allows for writes that land between two reads while a fill is open', () => {
    const stats = statsOf([hoursAgo(1), hoursAgo(2)], []);
    const late = side([hoursAgo(1)], [], { stats });
    expect(judgeStats(evidence(late)).differences).not.toEqual([]);
    expect(judgeStats(evidence(late, { slack: 1 })).differences).toEqual([]);
  });

  it('blames nobody by a rule that does not explain the baseline’s own statistics', () => {
    const entries = [hoursAgo(1), hoursAgo(30)];
    const otherZone = statsOf(entries, []);
    otherZone.data.entries_today = 2;
    const baseline = side(entries, [], { stats: otherZone });
    const app = side([hoursAgo(1)], [], {
      stats: { ...statsOf([hoursAgo(1)], []), data: { ...statsOf([hoursAgo(1)], []).data, entries_today: 7 } },
    });
    expect(judgeStats(evidence(app, { baseline }))).toMatchObject({
      differences: [],
      notNow: [{ field: 'entries_today' }],
    });
  });

  it('counts every one of the six days that are judged, and no older one', () => {
    const ofDay = (ago: number) => Array.from({ length: ago + 1 }, () => hoursAgo(24 * ago + 1));
    const rows = Array.from({ length: 9 }, (_, ago) => ofDay(ago)).flat();
    expect(judgeStats(evidence(side(rows))).differences).toEqual([]);
    const wrongOn = (ago: number) => {
      const stats = statsOf(rows, []);
      stats.data.last7_days[6 - ago]!.count += 1;
      return judgeStats(evidence(side(rows, [], { stats }))).differences.map(({ what }) => what);
    };
    expect([0, 1, 2, 3, 4, 5].map(wrongOn)).toEqual(Array(6).fill(['last7_days']));
    expect(wrongOn(6)).toEqual([]);
  });

  it('counts rows, and judges nothing by time where a row has none that can be read', () => {
    const entries = [hoursAgo(1), stamped('soon'), stamped('')];
    const stats = statsOf([hoursAgo(1)], []);
    stats.data.total_entries = 3;
    const findings = judgeStats(evidence(side(entries, [], { stats })));
    expect(findings).toMatchObject({ judged: ['total_entries', 'mood_trend'], differences: [] });
    expect(findings.notNow.map((one) => one.why)).toEqual(Array(2).fill('a row has no time that can be read'));
    stats.data.total_entries = 1;
    expect(judgeStats(evidence(side(entries, [], { stats }))).differences).toMatchObject([{ what: 'total_entries' }]);
  });

  it('takes a time without a zone as UTC, wherever the lab stands', () => {
    const entries = [stamped('2026-11-20T00:30:00.123456'), stamped('2026-11-20 23:30:00')];
    const stats = statsOf([stamped('2026-11-20T00:30:00Z'), stamped('2026-11-20T23:30:00Z')], []);
    expect(judgeStats(evidence(side(entries, [], { stats })))).toMatchObject({ differences: [], notNow: [] });
  });

  it('accepts what lies between the lists read before and after: an app may have traffic of its own', () => {
    const [before, after] = [[hoursAgo(1)], [hoursAgo(0.1), hoursAgo(0.1), hoursAgo(1)]];
    const moods = [{ ...hoursAgo(2), mood: 'calm' }];
    const between = statsOf([hoursAgo(0.1), hoursAgo(1)], moods);
    const later = { entries: after, entriesFull: false, moods, moodsFull: false };
    const app = side(before, [], { stats: between, later });
    expect(judgeStats(evidence(app))).toMatchObject({ differences: [], judged: { length: 4 } });
    const beyond = side(before, [], { stats: statsOf([...after, hoursAgo(3)], moods), later });
    expect(judgeStats(evidence(beyond)).differences.map((one) => one.what)).toEqual(['total_entries', 'entries_today', 'last7_days']); // prettier-ignore
    expect(judgeStats(evidence(beyond)).differences[0]).toMatchObject({
      baseline: { total_entries: '1 to 3' },
      app: { total_entries: 4 },
    });
  });

  it('reads a list that is as long as a hostile app makes it', () => {
    const entries = Array.from({ length: 130_000 }, (_, i) => hoursAgo(i % 100));
    const full = side(entries, [], { stats: statsOf(entries.slice(0, 10), []), entriesFull: true });
    expect(judgeStats(evidence(full)).differences.length).toBeGreaterThan(0);
  });

  it('adds up what an app lists twice', () => {
    const moods = [{ ...hoursAgo(1), mood: 'calm' }];
    const stats = statsOf([], moods);
    stats.data.mood_trend = [...stats.data.mood_trend, ...stats.data.mood_trend];
    expect(judgeStats(evidence(side([], moods, { stats }))).differences).toMatchObject([
      { what: 'mood_trend', app: { mood_trend: { calm: 2 } } },
    ]);
  });

  it('names what it never judges, and whether the sides differ in it', () => {
    const stats = statsOf([hoursAgo(1)], []);
    stats.data.streak_days = 9;
    const { rules } = judgeStats(evidence(side([hoursAgo(1)], [], { stats })));
    expect(rules.map(({ name, hits }) => [name, hits])).toEqual([
      ['not judged: streak_days', 1],
      ['not judged: the oldest of the seven days', 0],
    ]);
  });

  it('leaves it to each app whether rows of the future count as of today, or of this week', () => {
    const rows = [hoursAgo(1), hoursAgo(-40)];
    const moods = [{ ...hoursAgo(2), mood: 'calm' }, { ...hoursAgo(-40), mood: 'calm' }, { ...hoursAgo(-40), mood: 'tired' }]; // prettier-ignore
    const { data } = statsOf(rows, moods);
    const wrongAt = (today: number, trend: object[]) => {
      const stats = { data: { ...data, entries_today: today, mood_trend: trend } };
      return judgeStats(evidence(side(rows, moods, { stats }))).differences.map(({ what }) => what);
    };
    const calm = (count: number) => ({ mood: 'calm', count });
    expect([wrongAt(1, [calm(1)]), wrongAt(2, [calm(2), { mood: 'tired', count: 1 }])]).toEqual([[], []]);
    expect([wrongAt(0, [calm(2)]), wrongAt(3, [calm(3)])]).toEqual([
      ['entries_today'],
      ['entries_today', 'mood_trend'],
    ]);
  });

  it('reads counts that came as text, and says that they are', () => {
    const rows = [hoursAgo(1), hoursAgo(2)];
    const { data } = statsOf(rows, []);
    const asText = { ...data, total_entries: '2', last7_days: data.last7_days.map((one) => ({ ...one, count: String(one.count) })) }; // prettier-ignore
    const findings = judgeStats(evidence(side(rows, [], { stats: { data: asText } })));
    expect(findings.differences.map(({ what, fields }) => [what, fields[0]!.kind])).toEqual([
      ['total_entries', 'type'],
      ['last7_days', 'type'],
    ]);
    expect(findings.differences[0]!.fields[0]).toMatchObject({ baseline: 2, app: '2' });
    const wrong = judgeStats(evidence(side(rows, [], { stats: { data: { ...data, total_entries: '7' } } })));
    expect(wrong.differences.map(({ what, fields }) => [what, fields[0]!.kind])).toEqual([['total_entries', 'value']]);
    const both = { ...evidence(side(rows, [], { stats: { data: asText } })) };
    const baseline = { ...both.baseline, stats: { data: { ...statsOf(both.baseline.entries, both.baseline.moods).data, total_entries: '2' } } }; // prettier-ignore
    expect(judgeStats({ ...both, baseline }).differences.map(({ what }) => what)).toEqual(['last7_days']);
  });

  it('names the zone in which days follow that do not in UTC', () => {
    const rows = [hoursAgo(1), hoursAgo(16)]; // 14:00 and 23:00 of the day before
    const inTokyo = statsOf(
      rows.map(({ time }) => ({ time: time + 9 * 3_600_000 })),
      [],
      new Date(Date.parse(now) + 9 * 3_600_000).toISOString(),
    );
    const zoned = judgeStats(evidence(side(rows, [], { stats: inTokyo })));
    expect(zoned.zone).toMatchObject({ first: expect.any(Number), last: expect.any(Number) });
    expect(zoned.zone!.first).toBeLessThanOrEqual(540);
    expect(zoned.zone!.last).toBeGreaterThanOrEqual(540);
    expect(judgeStats(evidence(side(rows))).zone).toBeUndefined();
  });

  it('says what is wrong with a body that has another shape', () => {
    expect(judgeStats(evidence(side([], [], { stats: { data: { total_entries: 'three' } } }))).appRefusal).toMatch(
      /total_entries/,
    );
    expect(judgeStats(evidence(side([], [], { stats: [] }))).appRefusal).toMatch(/data/);
  });
});
