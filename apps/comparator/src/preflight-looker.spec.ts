import { jest } from '@jest/globals';
import type { AppReader, Wanted } from './clients/app-reader.js';
import type { ComparatorConfig } from './comparator.config.js';
import { endpoints } from './domain/endpoints.js';
import { preflightLines } from './domain/preflight-lines.js';
import { firstRules, type RuleText } from './domain/rules.js';
import type { FetchedBody, JudgeJob } from './judging/judge-job.js';
import { judgeLook } from './judging/judge-look.js';
import type { JudgePool } from './judging/judge-pool.js';
import { JudgeLost } from './judging/judge.js';
import { PreflightLooker } from './preflight-looker.js';

// Goal: an app is read as a comparison would read it, and judged by its own rows alone; what is ours is told from what is the app's.
// Method: apps that are functions, judged in this process.
const url = 'http://app.example.org';
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, text: `t${id}`, note: 'n', mood: 'calm', created_at: '2020-01-01T10:00:00Z' })); // prettier-ignore
const stats = (total: number) => ({ data: { last7_days: [], mood_trend: [], total_entries: total, entries_today: 0 } });

interface Scene {
  /** By kind: what is answered, at each reading. */
  readonly answers: Partial<Record<string, (reading: number) => unknown>>;
  readonly judge: (job: JudgeJob) => ReturnType<typeof judgeLook>;
  readonly rules: readonly RuleText[];
  readonly compared: typeof endpoints;
}
const faithful = { entry: () => ({ rows: rowsOf(3) }), mood: () => ({ rows: [] }), value: () => ({ rows: [{ number: 7 }] }), stats: () => stats(3) }; // prettier-ignore

async function preflight({
  answers = {},
  judge = judgeLook,
  rules = firstRules,
  compared = endpoints,
}: Partial<Scene>) {
  const readings = new Map<string, number>();
  let ended = 0;
  const read = async ({ side, address, endpoint: { kind } }: Wanted): Promise<FetchedBody> => {
    expect([side, address]).toEqual(['app', url]);
    const reading = (readings.get(kind) ?? 0) + 1;
    readings.set(kind, reading);
    const body = new TextEncoder().encode(JSON.stringify((answers[kind] ?? faithful[kind])(reading)));
    const fetched = { url, status: 200, bodyBytes: body.length, totalMs: 1, problem: null };
    return { ok: true, fetched, body, clock: new Date().toISOString() };
  };
  const reader = { visit: () => ({ read, end: () => (ended += 1) }) } as unknown as AppReader;
  const judges = { judge: async (job: JudgeJob) => judge(job) } as unknown as JudgePool;
  const looker = new PreflightLooker({ endpoints: compared } as unknown as ComparatorConfig, reader, judges);
  const seen = await looker.look({ url, rules }, new AbortController().signal);
  const { lines, isReadable } = preflightLines(seen);
  const said = Object.fromEntries(lines.map(({ check, state, sentence }) => [check, `${state}: ${sentence}`]));
  return { said, isReadable, readings: Object.fromEntries(readings), ended };
}

describe('a look before an app is submitted', () => {
  it('reads each endpoint once, and counts the rows that it shows, whatever was written to it', async () => {
    const { said, isReadable, readings, ended } = await preflight({});
    expect([isReadable, ended, readings]).toEqual([true, 1, { mood: 1, entry: 1, stats: 1, value: 1 }]);
    expect([said['moods'], said['entries'], said['values']].map((text) => text!.split('ms: ')[1])).toEqual(['0 rows.', '3 rows.', '1 row.']); // prettier-ignore
    expect(said['stats']).toMatch(/^passed: .*follow from its own rows\.$/);
  });

  it('takes an endpoint that ignores the limit as it is', async () => {
    const answers = { mood: () => ({ rows: rowsOf(130) }), entry: () => ({ rows: rowsOf(230) }), stats: () => stats(230) }; // prettier-ignore
    const { said, isReadable } = await preflight({ answers });
    expect([isReadable, said['moods'], said['entries']]).toEqual([true, expect.stringMatching(/^passed: .*130 rows, more/), expect.stringMatching(/^passed: .*230 rows, more/)]); // prettier-ignore
  });

  it('says of bodies of another shape what is wrong with them', async () => {
    const answers = { mood: () => [], entry: () => ({ rows: {} }), value: () => 'no', stats: () => ({ data: { total_entries: 1 } }) }; // prettier-ignore
    const { said, isReadable } = await preflight({ answers });
    for (const check of ['moods', 'entries', 'values', 'stats'])
      expect(said[check]).toMatch(/^failed: It answered 200, but not with what this endpoint gives: .+/);
    expect(isReadable).toBe(false);
  });

  it('warns of figures that do not follow when they do not follow at a second reading either, unless a rule hides them', async () => {
    const answers = { stats: () => stats(5) };
    const warned = await preflight({ answers });
    expect(warned.said['stats']).toMatch(/^warned: .*total_entries \(5, by its rows 3\)/);
    expect([warned.isReadable, warned.readings]).toEqual([true, { mood: 3, entry: 3, stats: 2, value: 1 }]);
    const meanwhile = await preflight({ answers: { stats: (reading) => stats(reading === 1 ? 5 : 3) } });
    expect(meanwhile.said['stats']).toMatch(/^passed/);
    const hides: RuleText = { ...firstRules[0]!, endpoint: '/api/stats/overview', name: 'total', path: '/data/total_entries', mode: 'ignore' }; // prettier-ignore
    expect((await preflight({ answers, rules: [...firstRules, hides] })).said['stats']).toMatch(/^passed/);
  });

  it('reads what this lab compares, and no more', async () => {
    const { readings, said, isReadable } = await preflight({
      compared: endpoints.filter(({ kind }) => kind === 'mood'),
    });
    expect([readings, said['entries']!.split(':')[0], isReadable]).toEqual([{ mood: 1 }, 'skipped', true]);
  });

  it('takes what no judge survives for the app’s doing when an empty app does no harm, and for ours when it does', async () => {
    const lost = () => {
      throw new JudgeLost('it ended the judge (SIGKILL)');
    };
    const judge = (job: JudgeJob) =>
      job.parts.some(({ app, baseline }) => app !== baseline) ? lost() : judgeLook(job);
    const { said, isReadable } = await preflight({ judge });
    expect([said['entries'], isReadable]).toEqual([expect.stringMatching(/^failed: .*it ended the judge/), false]);
    await expect(preflight({ judge: lost })).rejects.toThrow(JudgeLost);
  });

  describe('at an app that keeps us waiting', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    /** Lists come at once, statistics never; a read ends when its signal does. */
    const waiting = (claimed: AbortSignal, judge = judgeLook) => {
      const read = (signal: AbortSignal, { kind }: Wanted['endpoint']) =>
        new Promise<FetchedBody>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          const body = new TextEncoder().encode('{"rows":[]}');
          const fetched = { url, status: 200, bodyBytes: body.length, totalMs: 1, problem: null };
          if (kind !== 'stats') resolve({ ok: true, fetched, body, clock: new Date().toISOString() });
        });
      const visit = (signal: AbortSignal) => ({
        read: ({ endpoint }: Wanted) => read(signal, endpoint),
        end: () => {},
      });
      const judges = { judge: async (job: JudgeJob) => judge(job) } as unknown as JudgePool;
      const looker = new PreflightLooker({ endpoints } as unknown as ComparatorConfig, { visit } as unknown as AppReader, judges); // prettier-ignore
      return looker.look({ url, rules: firstRules }, claimed);
    };

    it('stops after six seconds, and calls what it did not wait for unknown', async () => {
      const looking = waiting(new AbortController().signal);
      await jest.advanceTimersByTimeAsync(6_000);
      const { lines, isReadable } = preflightLines(await looking);
      expect([lines.map(({ state }) => state).join(' '), isReadable]).toEqual(['passed passed passed passed passed unknown passed passed', false]); // prettier-ignore
      expect(lines[5]!.sentence).toContain('we stopped reading after 6 s');
    });

    it('has seen nothing when its claim ends: nothing is judged', async () => {
      const stop = new AbortController();
      let judged = 0;
      const looking = waiting(stop.signal, (job) => ((judged += 1), judgeLook(job)));
      stop.abort();
      await expect(looking).rejects.toThrow('given up by the lab');
      expect(judged).toBe(0);
    });
  });
});
