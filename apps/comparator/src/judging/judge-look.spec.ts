import { endpoints } from '../domain/endpoints.js';
import { emptyLedger, type Ledger, type Obligation } from '../domain/obligation.js';
import type { FetchedBody, JudgeJob, JudgePart } from './judge-job.js';
import { judgeLook, unjudgeable } from './judge-look.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const now = '2026-11-20T15:00:00.000Z';
const at = (minute: number) => new Date(Date.parse(now) - 86_400_000 / 2 + minute * 60_000).toISOString();
const of = (kind: string) => endpoints.find((endpoint) => endpoint.kind === kind)!;
const answered = (body: unknown): FetchedBody => {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  const fetched = { url: 'http://a.example/x', status: 200, bodyBytes: bytes.length, totalMs: 1, problem: null };
  return { ok: true, fetched, body: bytes, clock: now };
};
const failed = (side: 'theirs' | 'ours'): FetchedBody => ({
  ok: false,
  fetched: { url: 'http://a.example/x', status: 500, bodyBytes: 0, totalMs: 1, problem: 'It answered 500.' },
  side,
});
const obligation = (n: number): Obligation => {
  const marker = markerOfNumber(n * 7_919);
  return { marker, payload: { kind: 'entry', text: `${marker} a walk` }, fill: n, index: 0, acknowledgedAt: at(n) };
};
const rowOf = ({ payload, fill }: Obligation) => ({
  id: fill,
  text: (payload as { text: string }).text,
  created_at: at(fill),
});
const ledgerOf = (...obligations: Obligation[]): Ledger => ({
  ...emptyLedger,
  acknowledged: obligations.length,
  obligations,
});
const stats = (total: number, today = total) => ({
  data: {
    last7_days: [{ date: '2026-11-20', count: today }],
    mood_trend: [],
    total_entries: total,
    entries_today: today,
  },
});
const part = (kind: string, baseline: FetchedBody, app: FetchedBody, ledger = emptyLedger): JudgePart => ({
  ...{ endpoint: of(kind), baseline, app, ledger },
});
const job = (...parts: JudgePart[]): JudgeJob => ({ now, seed: [1, 2], slack: 0, acknowledgedEntries: 0, parts });
const none = answered({ rows: [] });
const noStats = answered(stats(0));

describe('judging a look', () => {
  it('judges no figure by time where a row shows none', () => {
    const list = (row: object) => answered({ rows: [row] });
    const { created_at: _, ...timeless } = rowOf(obligation(1));
    const noteOf = (row: object) =>
      judgeLook(job(part('entry', list(row), list(row)), part('mood', none, none), part('stats', answered(stats(1)), answered(stats(1))))).endpoints[2]!.note; // prettier-ignore
    expect(noteOf(timeless)).toMatch(/last7_days is not judged now: a row has no time that can be read/);
    expect(noteOf({ ...timeless, created_at: 7 })).toMatch(/a row has no time that can be read/);
    expect(noteOf(rowOf(obligation(1)))).toBeNull();
  });

  it('says whose side failed: ours before the baseline’s before the app’s', () => {
    const states = [
      [failed('ours'), failed('theirs')],
      [failed('theirs'), failed('ours')],
      [failed('theirs'), failed('theirs')],
      [none, failed('theirs')],
      [none, answered('<html>')],
      [answered('<html>'), none],
    ].map(([baseline, app]) => judgeLook(job(part('entry', baseline!, app!))).endpoints[0]!);
    expect(states.map((look) => look.state)).toEqual(['our-fault', 'our-fault', 'baseline-failed', 'app-failed', 'app-failed', 'baseline-failed']); // prettier-ignore
    expect(states.every((look) => look.window === '')).toBe(true);
  });

  it('says what was looked at, in words that follow "Shows"', () => {
    const windowOf = (count: number, acknowledged = count) => {
      const written = Array.from({ length: count }, (_, i) => obligation(i + 1));
      const rows = answered({ rows: written.slice(-200).map(rowOf).toReversed() });
      const ledger = { ...ledgerOf(...written), acknowledged };
      return judgeLook(job(part('entry', rows, rows, ledger))).endpoints[0]!.window;
    };
    expect([windowOf(0), windowOf(1), windowOf(12)]).toEqual([
      'all 0 rows that the app acknowledged since it joined',
      'the one row that the app acknowledged since it joined',
      'all 12 rows that the app acknowledged since it joined',
    ]);
    expect(windowOf(250, 1_204)).toBe(
      'the newest 200 of 1,204 rows that it acknowledged since it joined; older ones are behind the window',
    );
    const rows = answered({ rows: [1, 2].map((n) => rowOf(obligation(n))) });
    const full = { ...ledgerOf(obligation(1)), inherited: [obligation(2)] };
    expect(judgeLook(job(part('entry', rows, rows, full))).endpoints[0]!.window).toBe(
      'the one row that the app acknowledged since it joined; and 1 more row that the baseline shows, as this lab asks for the full history',
    );
  });

  it('lets statistics follow from the lists, with rows that have no time that can be read', () => {
    const rows = { rows: [{ id: 1, text: 'x', created_at: 'soon' }, { id: 2, text: 'y' }, 7] };
    const look = judgeLook(job(part('entry', none, answered(rows)), part('stats', noStats, answered(stats(3)))))
      .endpoints[1]!;
    expect(look).toMatchObject({
      state: 'judged',
      derived: 0,
      matched: 1,
      window: 'the figures that follow from its own entries and moods',
    });
    expect(look.note).toContain('entries_today is not judged now: a row has no time that can be read');
    expect(look.rules.map((rule) => rule.name)).toContain('not judged: streak_days');
  });

  it('judges statistics alone, between two readings of the lists, when they were read again', () => {
    const list = (count: number) =>
      answered({ rows: Array.from({ length: count }, (_, id) => ({ id, text: 't', created_at: at(id) })) });
    const parts = [part('entry', none, list(1), ledgerOf(obligation(1))), part('stats', noStats, answered(stats(2)))];
    expect(judgeLook(job(...parts)).endpoints.map((look) => look.derived)).toEqual([0, 3]);
    const later = [{ endpoint: of('entry'), baseline: none, app: list(3) }];
    expect(judgeLook({ ...job(...parts), later }).endpoints).toMatchObject([{ label: 'Stats', derived: 0 }]);
  });

  it('goes on with what it can read of lists that are no lists', () => {
    const parts = [
      part('entry', none, answered('<html>')),
      part('mood', none, failed('theirs')),
      part('stats', noStats, answered(stats(7))),
    ];
    expect(judgeLook(job(...parts)).endpoints.map((look) => look.state)).toEqual([
      'app-failed',
      'app-failed',
      'judged',
    ]);
    expect(judgeLook(job(part('stats', noStats, answered('[1'))))).toMatchObject({
      endpoints: [{ state: 'app-failed' }],
    });
    expect(judgeLook(job(part('stats', answered('[]'), noStats)))).toMatchObject({
      endpoints: [{ state: 'baseline-failed' }],
    });
  });

  it('says of bodies that no judge survives that the app answered them', () => {
    const parts = [
      part('entry', none, none),
      part('mood', none, failed('theirs')),
      part('value', failed('theirs'), none),
    ];
    const { endpoints: looks } = unjudgeable(job(...parts), 'it ended the judge (SIGKILL)');
    expect(looks.map((look) => look.state)).toEqual(['app-failed', 'app-failed', 'baseline-failed']);
    expect(looks[0]!.app.problem).toBe(
      'It answered 200, but not with what can be judged: it ended the judge (SIGKILL).',
    );
  });
});
