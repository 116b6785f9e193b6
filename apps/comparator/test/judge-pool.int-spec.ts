import { join } from 'node:path';
import { endpoints } from '../src/domain/endpoints.js';
import { emptyLedger } from '../src/domain/obligation.js';
import type { FetchedBody, JudgeJob, JudgePart } from '../src/judging/judge-job.js';
import { JudgePool, poolSettings, type PoolSettings } from '../src/judging/judge-pool.js';
import { JudgeLost } from '../src/judging/judge.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const answered = (text: string): FetchedBody => ({
  ok: true,
  fetched: { url: 'http://a.example/x', status: 200, bodyBytes: text.length, totalMs: 1, problem: null },
  body: new TextEncoder().encode(text),
  clock: '2026-11-20T15:00:00.000Z',
});
const none = answered('{"rows":[]}');
const part = (kind: string, app: FetchedBody, baseline = none): JudgePart => ({
  ...{ endpoint: endpoints.find((endpoint) => endpoint.kind === kind)!, baseline, app, ledger: emptyLedger },
});
const job = (...parts: JudgePart[]): JudgeJob => ({
  now: '2026-11-20T15:00:00.000Z',
  seed: [1, 2],
  slack: 0,
  acknowledgedEntries: 0,
  parts,
});
const wish = (text: string) => job(part('entry', answered(text)));

describe('the judges', () => {
  let pool: JudgePool | undefined;
  const program = join(import.meta.dirname, 'fake-judge.mjs');
  const start = (settings: Partial<PoolSettings> = {}) =>
    (pool = new JudgePool({ ...poolSettings, program, ...settings }));
  const pidOf = async (answer: Promise<{ endpoints: readonly unknown[] }>) =>
    ((await answer).endpoints[0] as { pid: number }).pid;
  afterEach(() => pool?.close());

  it('are replaced after so many jobs', async () => {
    const judges = start({ jobsPerJudge: 3 });
    const pids = await Promise.all(Array.from({ length: 20 }, () => pidOf(judges.judge(wish('fine')))));
    expect(new Set(pids).size).toBeGreaterThanOrEqual(7);
  });

  it('are one, and a second when it is held up', async () => {
    const judges = start({ jobMsMax: 60_000 });
    const first = await pidOf(judges.judge(wish('fine')));
    expect(await pidOf(judges.judge(wish('fine')))).toBe(first);
    const hanging = judges.judge(wish('hang'));
    expect(await pidOf(judges.judge(wish('fine')))).not.toBe(first);
    process.kill(first, 'SIGKILL');
    await expect(hanging).rejects.toThrow(JudgeLost);
  });

  it('know nothing of ours but the zone that times without one are meant in', async () => {
    const { endpoints: answers } = await start().judge(wish('fine'));
    const { env } = answers[0] as unknown as { env: Record<string, string> };
    expect(Object.keys(env).filter((name) => !name.startsWith('NODE_'))).toEqual(['TZ']);
    expect(env['TZ']).toBe('UTC');
  });

  it('that die of a job cost that job and no other', async () => {
    const judges = start();
    const jobs = ['fine', 'die', 'fine', 'die', 'die', 'die', 'fine', 'fine'].map((text) => judges.judge(wish(text)));
    const ends = await Promise.allSettled(jobs);
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', ...Array(3).fill('rejected'), 'fulfilled', 'fulfilled']); // prettier-ignore
    expect(ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []))).toEqual(Array(4).fill(expect.any(JudgeLost))); // prettier-ignore
  });

  it('that take too long are ended, and say so', async () => {
    const judges = start({ jobMsMax: 400 });
    await expect(judges.judge(wish('hang'))).rejects.toThrow(/longer than 0.4 s/);
    expect(await pidOf(judges.judge(wish('fine')))).toBeGreaterThan(0);
  });

  it('that cannot be started stop nobody for ever', async () => {
    const judges = start({ program: join(import.meta.dirname, 'no-judge.mjs') });
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => judges.judge(wish('fine'))));
    expect(ends.every((end) => end.status === 'rejected')).toBe(true);
  });

  it('that end before they have done anything are followed by the next one later and later', async () => {
    const judges = start({ judgesMax: 1, restMs: 150, restMsMax: 300 });
    const tookMs = async (text: string) => {
      const began = performance.now();
      await judges.judge(wish(text)).catch(() => undefined);
      return performance.now() - began;
    };
    const ends = await Promise.all(['die', 'die', 'die', 'die', 'fine'].map(tookMs));
    expect(ends.at(-1)).toBeGreaterThanOrEqual(150 + 300 + 300 + 300);
  });

  it('that have done something are followed by the next one at once', async () => {
    const judges = start({ restMs: 60_000, restMsMax: 60_000 });
    await judges.judge(wish('fine'));
    await expect(judges.judge(wish('die'))).rejects.toThrow(JudgeLost);
    expect(await pidOf(judges.judge(wish('fine')))).toBeGreaterThan(0);
  });

  it('keep nobody waiting longer than the pool allows, and nobody when it closes', async () => {
    const judges = start({ judgesMax: 1, waitMsMax: 300, jobMsMax: 800 });
    const hanging = judges.judge(wish('hang'));
    await expect(judges.judge(wish('fine'))).rejects.toThrow('no judge became free in 0.3 s');
    const waiting = judges.judge(wish('fine'));
    judges.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(hanging).rejects.toThrow(JudgeLost);
    await expect(judges.judge(wish('fine'))).rejects.toThrow('closed');
  });

  it('take the worst bodies that an app may send, each within its time', async () => {
    pool = new JudgePool();
    const wide = `{"text":"${markerOfNumber(7)}","x":[${Array(450_000).fill('7').join(',')}]}`;
    const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
    const stats = answered('{"data":{"last7_days":[],"mood_trend":[],"total_entries":0,"entries_today":0}}');
    const worst: [string, JudgeJob, string[]][] = [
      ['rows beyond counting', job(part('mood', answered(`{"rows":[${Array(800_000).fill('{"a":1,"a":{}}').join(',')}]}`))), ['app-failed']],
      ['wide rows', job(part('entry', answered(`{"rows":[${Array(14).fill(wide).join(',')}]}`)), part('stats', stats, stats)), ['judged', 'judged']],
      ['deep rows', job(part('entry', answered(`{"rows":[${Array(19_000).fill(`{"a":${deep},"b":${deep}}`).join(',')}]}`)), part('stats', stats, stats)), ['judged', 'judged']],
      ['repeated names', job(part('value', answered(`{"rows":[${Array.from({ length: 190_000 }, (_, i) => `{"number":1,"number":${i},"x":{"a":1,"a":2}}`).join(',')}]}`))), ['judged']],
      ['halves of pairs', job(part('entry', answered(`{"rows":[${Array(19_000).fill(`{"text":"${'\\ud83d'.repeat(110)}"}`).join(',')}]}`))), ['judged']],
      ['times that are none', job(part('entry', answered('{"rows":[{"created_at":"soon"},{"created_at":{}},7,null]}')), part('stats', answered(JSON.stringify({ data: { last7_days: [], mood_trend: [], total_entries: 4, entries_today: 0 } })), stats)), ['judged', 'judged']],
    ]; // prettier-ignore
    for (const [what, one, states] of worst) {
      const { endpoints: looks } = await pool.judge(one);
      expect([what, looks.map((look) => look.state)]).toEqual([what, states]);
    }
  });
});
