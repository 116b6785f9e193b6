import { endpoints } from './domain/endpoints.js';
import { firstRules } from './domain/rules.js';
import { emptyLedger } from './domain/obligation.js';
import { Looker } from './looker.js';
import type { LookPlan } from './judging/take-look.js';
import type { AppReader, Wanted } from './clients/app-reader.js';
import type { ComparatorConfig } from './comparator.config.js';
import type { FetchedBody, JudgeJob } from './judging/judge-job.js';
import { judgeLook } from './judging/judge-look.js';
import type { JudgePool } from './judging/judge-pool.js';
import { JudgeLost } from './judging/judge.js';

const plan: LookPlan = {
  ...{ appId: 'a', appUrl: 'http://app.example', baselineUrl: 'http://baseline.example', slack: 0, fillsClosed: 1 },
  closedFill: 1,
  rules: firstRules,
  shadow: null,
  ledgers: { entry: emptyLedger, mood: emptyLedger, value: emptyLedger },
};
const stats = (total: number) => ({ data: { last7_days: [], mood_trend: [], total_entries: total, entries_today: 0 } });

interface Scene {
  readonly grows: boolean;
  readonly judge: (job: JudgeJob) => ReturnType<typeof judgeLook>;
  readonly compared: typeof endpoints;
}

/** An app that gains an entry between any two readings, when `grows`; and a baseline that stands still. */
function lab({ grows = false, judge = judgeLook, compared = endpoints }: Partial<Scene> = {}) {
  const reads: string[] = [];
  let entries = 0;
  let ended = 0;
  const read = async ({ side, endpoint }: Wanted): Promise<FetchedBody> => {
    reads.push(`${side} ${endpoint.kind}`);
    const own = side === 'app' && grows ? (entries += 1) : 0;
    const body =
      endpoint.kind === 'stats'
        ? stats(own)
        : { rows: Array.from({ length: endpoint.kind === 'entry' ? own : 0 }, (_, id) => ({ id })) };
    const fetched = { url: 'http://x.example/', status: 200, bodyBytes: 1, totalMs: 1, problem: null };
    return { ok: true, fetched, body: new TextEncoder().encode(JSON.stringify(body)), clock: null };
  };
  const reader = { visit: () => ({ read, end: () => (ended += 1) }) } as unknown as AppReader;
  const judges = { judge: async (job: JudgeJob) => judge(job) } as unknown as JudgePool;
  const looker = new Looker({ endpoints: compared } as unknown as ComparatorConfig, reader, judges);
  return { looker, reads, ended: () => ended };
}
const never = new AbortController().signal;

describe('a look', () => {
  it('reads every endpoint of both sides once when all follows', async () => {
    const { looker, reads, ended } = lab();
    const { look } = await looker.look(plan, never);
    expect(look.endpoints.map((endpoint) => endpoint.derived)).toEqual([0, 0, 0, 0]);
    expect([reads.length, ended()]).toEqual([8, 1]);
  });

  it('has a key of its own: rows that were made to collide under another prove nothing', async () => {
    const seeds = new Set<string>();
    const { looker } = lab({ judge: (job) => (seeds.add(job.seed.join()), judgeLook(job)) });
    for (let n = 0; n < 5; n += 1) await looker.look(plan, never);
    expect(seeds.size).toBe(5);
    expect([...seeds].join()).not.toMatch(/(^|,)0(,|$)/);
  });

  it('counts what was acknowledged at the endpoints that are compared, and nothing else', async () => {
    const ledgers = {
      entry: { ...emptyLedger, acknowledged: 4 },
      mood: { ...emptyLedger, acknowledged: 8 },
      value: emptyLedger,
    };
    const only = (...kinds: string[]) => endpoints.filter(({ kind }) => kinds.includes(kind));
    const acknowledged = async (...kinds: string[]) =>
      (await lab({ compared: only(...kinds) }).looker.look({ ...plan, ledgers }, never)).look.acknowledged;
    expect([await acknowledged('entry', 'mood', 'stats', 'value'), await acknowledged('mood', 'stats')]).toEqual([
      12, 8,
    ]);
  });

  it('reads statistics that do not follow once more, between two readings of the lists', async () => {
    const { looker, reads } = lab({ grows: true });
    const { look } = await looker.look(plan, never);
    expect(look.endpoints.map(({ label, derived }) => [label, derived])).toEqual([['Moods', 0], ['Entries', 0], ['Stats', 0], ['Values', 0]]); // prettier-ignore
    expect(reads.slice(8).filter((read) => read.startsWith('app'))).toEqual(['app mood', 'app entry', 'app stats', 'app mood', 'app entry']); // prettier-ignore
  });

  const isApp = (job: JudgeJob) => job.parts.some(({ app, baseline }) => app !== baseline);

  it('takes what no judge survives for the app’s doing when the baseline’s answers do no harm', async () => {
    const judge = (job: JudgeJob) => {
      if (isApp(job)) throw new JudgeLost('it ended the judge (SIGKILL)');
      return judgeLook(job);
    };
    const looks = (await lab({ judge }).looker.look(plan, never)).look.endpoints;
    expect(looks.map((look) => look.state)).toEqual(Array(4).fill('app-failed'));
    expect(looks[0]!.app.problem).toContain('it ended the judge');
  });

  it('blames nobody for a judge that was lost over a job which the next one does', async () => {
    let lost = 0;
    const judge = (job: JudgeJob) => {
      if (isApp(job) && (lost += 1) === 1) throw new JudgeLost('it ended the judge (SIGKILL)');
      return judgeLook(job);
    };
    const looks = (await lab({ judge }).looker.look(plan, never)).look.endpoints;
    expect(looks.map(({ state }) => state)).not.toContain('app-failed');
    expect(lost).toBeGreaterThan(1);
  });

  it('is our failure when no judge survives the baseline’s answers either, or there is no judge', async () => {
    const lost = () => {
      throw new JudgeLost('it took longer than 10 s');
    };
    const none = () => {
      throw new Error('no judge became free in 60 s');
    };
    await expect(lab({ judge: lost }).looker.look(plan, never)).rejects.toThrow(JudgeLost);
    const { looker, ended } = lab({ judge: none });
    await expect(looker.look(plan, never)).rejects.toThrow('no judge became free');
    expect(ended()).toBe(1);
  });
});
