import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { PreviewBoard, type RankMove } from '#libs/contracts/src/board-preview.js';
import type { InputOf, ReplyOf } from '#libs/contracts/src/contract.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import {
  FreezeBoard,
  GetBoardAt,
  GetBoardChanges,
  GetLog,
  ListVerdicts,
  ThawBoard,
  type BoardRow,
} from '#libs/contracts/src/leaderboard.js';
import { VerdictOverridden } from '#libs/contracts/src/overrides.js';
import { AppSubmitted, AppWithdrawn, FillRequested } from '#libs/contracts/src/submission.js';
import { ProbeWindowClosed } from '#libs/contracts/src/windows.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: from the events of three logs to the board as it is read, whatever order they come in and however many rows they change.
// Method: the leaderboard alone, with real Postgres and NATS; its producers are logs without a service.
const start = Date.now() - 3_600_000;
const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
const producers = ['submission', 'filler', 'comparator'] as const;
const answerBytesMax = 256 * 1024;

describe('the leaderboard', () => {
  let lab: Lab;
  let gateway: NatsConnection;
  const logs = {} as Record<(typeof producers)[number], StandIn>;

  const settle = () => lab.settle({ services: [...producers, 'leaderboard'], deadlineMs: 15_000 });
  const query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    lab.query<Row>('leaderboard', sql, parameters);
  const number = async (sql: string, parameters: unknown[] = []) =>
    (await query<{ n: number }>(`select (${sql})::int as n`, parameters))[0]!.n;
  type Asked =
    | typeof GetBoardAt
    | typeof GetBoardChanges
    | typeof GetLog
    | typeof ListVerdicts
    | typeof PreviewBoard
    | typeof FreezeBoard
    | typeof ThawBoard;
  const ask = async <C extends Asked>(contract: C, data: InputOf<C>) => {
    const reply = await gateway.request(subject.ask('leaderboard', contract.name), JSON.stringify(data), {
      timeout: 5_000,
    });
    const answer = reply.json<Answer>();
    if ('problem' in answer) throw new Error(answer.problem.detail);
    return { ...(contract.reply.parse(answer.ok) as ReplyOf<C>), bytes: reply.data.length };
  };
  /** Everything after a revision, page by page, as the gateway reads it. */
  const changes = async (after = 0) => {
    const rows: BoardRow[] = [];
    const pages: number[] = [];
    for (let revision = after, more = true; more;) {
      const page = await ask(GetBoardChanges, { after: revision });
      ({ revision, more } = page);
      rows.push(...page.rows);
      pages.push(page.bytes);
    }
    return { rows, pages };
  };

  const preview = async (verdicts: InputOf<typeof PreviewBoard>['verdicts']) => {
    const moves: RankMove[] = [];
    const pages: number[] = [];
    let unchanged = 0;
    for (let skip: number | null = 0; skip !== null;) {
      const page: ReplyOf<typeof PreviewBoard> & { bytes: number } = await ask(PreviewBoard, { verdicts, skip });
      moves.push(...page.moves);
      pages.push(page.bytes);
      ({ next: skip, unchanged } = page);
    }
    return { moves, pages, unchanged };
  };

  beforeAll(async () => {
    lab = await Lab.start({ host: ['leaderboard'] });
    for (const name of producers) logs[name] = await StandIn.start(lab, name);
    gateway = await lab.connectAs('gateway');
  });
  afterAll(async () => {
    await gateway?.close();
    for (const log of Object.values(logs)) await log.stop();
    await lab?.stop();
  });

  const submitted = (appId: string, part: Partial<InputOf<typeof AppSubmitted>> = {}) => ({
    ...{ appId, name: `App ${appId.slice(-4)}`, team: null, url: 'https://a.example.org', joinedAt: at(0) },
    ...part,
  });
  const endpoint = (missing: number, note: string | null = null) => ({
    ...{ path: '/api/moods/all', label: 'Moods', matched: 9, missing, note, changed: 0, doubled: 0, outside: 0 },
    verdict: missing ? ('out-of-sync' as const) : ('in-sync' as const),
  });
  const comparison = (appId: string, minute: number) => ({
    ...{ comparisonId: randomUUID(), batchId: randomUUID(), appId, trigger: 'schedule' as const },
    computedAt: at(minute),
  });
  const parity = (appId: string, minute: number, part: Partial<InputOf<typeof ParityComputed>> = {}) => ({
    ...{ ...comparison(appId, minute), verdict: 'in-sync' as const, sentence: 'In sync.', endpoints: [endpoint(0)] },
    ...{ rowsDifferent: 0, acknowledged: 9, lostAfterAck: 0, looks: 1 },
    ...part,
  });
  const failed = (appId: string, minute: number) => ({
    ...{ ...comparison(appId, minute), side: 'baseline' as const, sentence: 'Unknown.' },
  });
  const filled = (appId: string, fill: number, fillId: string, minute: number): InputOf<typeof TargetFilled> => ({
    ...{ fillId, number: fill, targetId: appId, role: 'app', targetName: 'App', driver: 'http' },
    ...{ outcome: 'partly', note: null, endedAt: at(minute) },
    writes: (['acknowledged', 'refused', 'refused'] as const).map((outcome, index) => ({
      ...{ writeId: randomUUID(), index, marker: `#${index}`, payload: { kind: 'value', value: index + 1 }, outcome },
      ...{ status: 200, reason: null, sentAt: null, answeredAt: null },
    })),
  });
  const requested = (fill: number, fillId: string, apps: number, minute: number): InputOf<typeof FillRequested> => ({
    ...{ fillId, number: fill, seed: 'seed seed', reason: 'schedule', by: 'lockstep', mode: 'all', iterations: 1 },
    requestedAt: at(minute),
    targets: Array.from({ length: apps }, (_, i) => ({
      ...{ targetId: randomUUID(), role: i ? 'app' : 'baseline', name: `t${i}`, url: 'https://a.example.org' },
    })),
  });
  const closed = (fill: number, fillId: string, minute: number) => ({
    ...{ fillId, number: fill, closedAt: at(minute), filled: 1, partly: 1, givenUp: 0 },
  });

  const windowId = randomUUID();
  type Watched = InputOf<typeof ProbeWindowClosed>;
  const watched = (appId: string, minute: number, downMs: number, part: Partial<Watched> = {}): Watched => ({
    ...{ windowId, appId, appName: 'App', verdict: downMs ? 'violated' : 'proven', reasons: [], lost: 0, head: '' },
    ...{ downtimeMs: { read: 0, write: downMs }, declaredAt: at(minute), closedAt: at(minute + 2) },
    ...part,
  });

  /** The life of one app: it takes part, is filled and found out of sync, leaves, comes back, and is filled and compared again; it is watched. */
  const life = (appId: string, fills: readonly [number, number]) => {
    const [one, two] = [randomUUID(), randomUUID()];
    return {
      submission: async () => {
        await logs.submission.say(AppSubmitted, submitted(appId));
        await logs.submission.say(FillRequested, requested(fills[0], one, 3, 1), requested(fills[1], two, 2, 7));
        await logs.submission.say(AppWithdrawn, { appId, by: 'owner', at: at(5) });
        await logs.submission.say(AppSubmitted, submitted(appId, { name: 'Back', joinedAt: at(6) }));
      },
      filler: async () => {
        await logs.filler.say(TargetFilled, filled(appId, fills[0], one, 2), filled(appId, fills[1], two, 8));
        await logs.filler.say(FillClosed, closed(fills[0], one, 3), closed(fills[1], two, 9));
        // Declared in its first life and judged in the second; down; proved nothing; not down.
        const gap = { windowId: randomUUID(), verdict: 'not-proven' as const };
        await logs.filler.say(ProbeWindowClosed, watched(appId, 4.5, 9_000), watched(appId, 7, 1_200));
        await logs.filler.say(ProbeWindowClosed, watched(appId, 8, 0, gap), watched(appId, 9, 0));
      },
      comparator: async () => {
        const lossy = { verdict: 'out-of-sync' as const, endpoints: [endpoint(2)], lostAfterAck: 2 };
        const pending = { verdict: 'pending' as const, sentence: 'Again.', endpoints: [] };
        await logs.comparator.say(ParityComputed, parity(appId, 4, lossy));
        await logs.comparator.say(ComparisonFailed, failed(appId, 10));
        await logs.comparator.say(ParityComputed, parity(appId, 11), parity(appId, 12, pending));
      },
    };
  };

  it('gives the same board for the same events, whichever log is the first to be heard', async () => {
    const appIds: string[] = [];
    const turns = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // prettier-ignore
    for (const [i, turn] of turns.entries()) {
      appIds.push(randomUUID());
      const tell = life(appIds[i]!, [2 * i + 1, 2 * i + 2]);
      for (const log of turn) {
        await tell[producers[log]!]();
        await settle();
      }
    }
    const { rows } = await changes();
    const same = appIds.map((appId) => ({
      ...rows.find((row) => row.appId === appId)!,
      ...{ appId: '', comparisonId: '', traceId: '', rank: 0 },
    }));
    expect(same[0]).toMatchObject({
      ...{ name: 'Back', verdict: 'pending', sentence: 'Again.', lostAfterAck: 0, refused: 2, acknowledged: 9 },
      ...{ recent: ['unknown', 'in-sync'], inSyncSince: at(11), comparedAt: at(11), joinedAt: at(6) },
      downtime: { windowId, verdict: 'violated', ms: 1_200, at: at(7) },
    });
    expect(new Set(same.map((row) => JSON.stringify(row))).size).toBe(1);
    const fills = `select distinct to_jsonb(fill_progress) - 'fill_id' - 'number' as row from fill_progress`;
    expect(await query(fills)).toHaveLength(2);
    expect((await ask(GetBoardChanges, {})).fill).toMatchObject({ open: null, last: { number: 12, closedAt: at(9) } });
  });

  it('ranks by what windows have shown, on every board since then, and takes an event of an older filler', async () => {
    const [never, down, proven] = [randomUUID(), randomUUID(), randomUUID()];
    const ranksAt = async (time: string) => {
      const { rows } = await ask(GetBoardAt, { at: time });
      const three = [proven, never, down].map((appId) => rows.find((row) => row.appId === appId)!.rank!);
      return three.map((rank) => rank - Math.min(...three));
    };
    await logs.submission.say(AppSubmitted, ...[never, down, proven].map((appId) => submitted(appId)));
    await logs.comparator.say(ParityComputed, ...[never, down, proven].map((appId) => parity(appId, 13)));
    await settle();
    const before = new Date().toISOString();
    const older = { ...watched(down, 14, 600), declaredAt: undefined };
    await logs.filler.say(ProbeWindowClosed, older, watched(proven, 14, 0));
    await settle();
    expect((await changes()).rows.find((row) => row.appId === down)!.downtime).toEqual({
      ...{ windowId, verdict: 'violated', ms: 600, at: at(16) },
    });
    expect(await ranksAt(new Date().toISOString())).toEqual([0, 1, 2]);
    expect(await ranksAt(before)).toEqual([0, 0, 0]);
  });

  it('shows what staff say of a verdict from then on, openly, and what it said itself before and after that', async () => {
    const appId = randomUUID();
    const machine = { verdict: 'out-of-sync' as const, sentence: '2 rows lost.' };
    const lossy = { ...machine, endpoints: [endpoint(2)], lostAfterAck: 2 };
    const compared = parity(appId, 30, lossy);
    const { comparisonId } = compared;
    await logs.submission.say(AppSubmitted, submitted(appId));
    await logs.comparator.say(ParityComputed, compared);
    await settle();
    const row = async () => (await changes()).rows.find((one) => one.appId === appId)!;
    const known = async (until: string) => (await ask(ListVerdicts, { until, comparisonId })).verdicts[0]!;
    const now = async () => (await query<{ at: string }>('select known_at as at from board_head'))[0]!.at;
    const before = new Date(await now()).toISOString();
    const asCompared = await row();
    const given = { verdict: 'in-sync' as const, reason: 'Seen.', by: 'teacher', at: at(31) };
    const said = { comparisonId, appId, machine, paths: ['/api/moods/all'] };
    await logs.comparator.say(VerdictOverridden, { ...said, ...given, sentence: 'In sync, as staff decided.' });
    await settle();
    const override = { ...given, machine };
    const shown = { verdict: 'in-sync', sentence: 'In sync, as staff decided.', override };
    expect(await row()).toMatchObject({ ...shown, endpoints: [endpoint(2)], lostAfterAck: 2, recent: ['in-sync'] });
    const overruled = new Date(await now()).toISOString();
    expect(await known(overruled)).toMatchObject(shown);
    expect(await known(before)).toMatchObject(machine);
    expect(await known(before)).not.toHaveProperty('override');
    const past = await ask(GetBoardAt, { at: before });
    expect(past.rows.find((one) => one.appId === appId)).toEqual(asCompared);
    await logs.comparator.say(VerdictOverridden, { ...said, ...given, verdict: null, sentence: lossy.sentence });
    await settle();
    expect(await row()).toEqual(asCompared);
    expect(await known(new Date(await now()).toISOString())).toEqual(await known(before));
    expect(await known(overruled)).toMatchObject(shown);
    const { lines } = await ask(GetLog, { search: 'teacher' });
    expect(lines.map(({ level, text }) => [level, text.replace(/^\[.*?\] /, '')])).toEqual([
      ['good', 'In sync, as staff decided. (teacher)'],
      ['bad', 'teacher took back a verdict: Seen. Again: 2 rows lost.'],
    ]);
  });

  it('names an app in the log although its verdict came before its submission', async () => {
    const appId = randomUUID();
    await logs.comparator.say(ParityComputed, parity(appId, 3));
    await settle();
    const { lines } = await ask(GetLog, { search: 'In sync' });
    expect(lines.at(-1)!.text).toBe(`[app ${appId.slice(-8)}] In sync.`);
  });

  it('forgets the lines that call an app otherwise once it is under a pseudonym, and no other lines', async () => {
    const [appId, other] = [randomUUID(), randomUUID()];
    const fillId = randomUUID();
    await logs.submission.say(AppSubmitted, submitted(appId, { name: 'Ada L.' }), submitted(other, { name: 'Grace' }));
    await logs.submission.say(AppSubmitted, submitted(appId, { name: 'Countess' }));
    await settle();
    await logs.submission.say(
      AppSubmitted,
      submitted(appId, { name: 'Fox', isPseudonym: true }),
      submitted(appId, { name: 'Fox', isPseudonym: true }),
    );
    await settle();
    await logs.filler.say(TargetFilled, { ...filled(appId, 90, fillId, 2), targetName: 'Countess' });
    await settle();
    const { lines } = await ask(GetLog, {});
    const about = (id: string) => lines.filter((line) => line.appId === id).map(({ text }) => text);
    expect(about(appId)).toEqual([
      'Fox changed its name or address.',
      'Fox changed its name or address.',
      expect.stringMatching(/^\[Fox\] /),
    ]);
    expect(about(other)).toEqual(['Grace joined.']);
  });

  it('gives boards of any size page by page, each row once, also when one event moves nearly all', async () => {
    const appIds: string[] = Array.from({ length: 800 }, () => randomUUID());
    const long = { name: '名'.repeat(64), team: '組'.repeat(64), url: `https://a.example.org/${'x'.repeat(478)}` };
    const endpoints = Array.from({ length: 4 }, () => endpoint(1, 'ü'.repeat(500)));
    const worst = { verdict: 'out-of-sync', sentence: 'ü'.repeat(500), endpoints, lostAfterAck: 4 } as const;
    await logs.submission.say(AppSubmitted, ...appIds.map((appId) => submitted(appId, long)));
    await logs.comparator.say(ParityComputed, ...appIds.map((appId) => parity(appId, 20, worst)));
    await settle();
    const before = await changes();
    expect(before.rows.filter((row) => appIds.includes(row.appId))).toHaveLength(800);
    expect(new Set(before.rows.map((row) => row.appId)).size).toBe(before.rows.length);
    expect(before.pages.length).toBeGreaterThan(6);
    expect(Math.max(...before.pages)).toBeLessThan(answerBytesMax);
    expect(await number('select count(*) - count(distinct revision) from standing')).toBe(0);
    const revision = await number('select revision from board_head');
    const { endpoints: found, verdict } = parity(appIds[7]!, 21);
    const told = await preview([{ appId: appIds[7]!, verdict, endpoints: found, computedAt: at(21) }]);
    await logs.comparator.say(ParityComputed, parity(appIds[7]!, 21));
    await settle();
    const ranks = new Map(before.rows.map((row) => [row.appId, row.rank]));
    const after = (await changes()).rows;
    const moved = after.filter((row) => row.rank !== ranks.get(row.appId) || row.appId === appIds[7]);
    expect(moved.length).toBeGreaterThan(500);
    const changed = (await changes(revision)).rows.map((row) => row.appId);
    expect(changed.toSorted()).toEqual(moved.map((row) => row.appId).toSorted());
    // It was told before, page by page.
    const shown = after.flatMap(({ appId, rank }) => (rank === ranks.get(appId) ? [] : [[appId, ranks.get(appId), rank]])); // prettier-ignore
    expect(told.moves.map(({ appId, rank }) => [appId, rank.from, rank.to]).toSorted()).toEqual(shown.toSorted());
    expect(told.unchanged).toBe(after.filter(({ rank }) => rank !== null).length - shown.length);
    expect(told.pages.length).toBeGreaterThan(1);
    expect(Math.max(...told.pages)).toBeLessThan(answerBytesMax);
  });

  it('gives as many of the newest log lines as fit into one answer', async () => {
    const { lines, bytes } = await ask(GetLog, { limit: 500 });
    expect(bytes).toBeLessThan(answerBytesMax);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.at(-1)!.line).toBe(await number('select max(line) from log_line'));
  });

  it('gives no revision to a row that an event has not changed', async () => {
    const appId = randomUUID();
    const revisionOf = () => number('select revision from standing where app_id = $1', [appId]);
    await logs.submission.say(AppSubmitted, submitted(appId, { joinedAt: at(30) }));
    await settle();
    const revision = await revisionOf();
    await logs.comparator.say(ParityComputed, parity(appId, 29));
    await logs.filler.say(TargetFilled, filled(appId, 13, randomUUID(), 29));
    await settle();
    expect(await revisionOf()).toBe(revision);
    expect(await number('select refused from standing where app_id = $1', [appId])).toBe(0);
  });

  it('forgets verdicts that are older than thirty days', async () => {
    const old = `select count(*) from verdict_history where computed_at < now() - interval '30 days'`;
    await query(`update verdict_history set computed_at = computed_at - interval '31 days' where computed_at < $1`, [
      at(20),
    ]);
    expect(await number(old)).toBeGreaterThan(5);
    await logs.submission.say(FillRequested, requested(20, randomUUID(), 2, 40));
    await until(async () => (await number(old)) === 0);
    expect(await number('select count(*) from verdict_history')).toBeGreaterThan(500);
  });

  it('keeps boards of the past page by page, thirty days of them, and forgets none while it is frozen', async () => {
    await settle();
    const live = (await changes()).rows;
    const past = async (at: string) => {
      const rows: BoardRow[] = [];
      for (let skip: number | null = 0; skip !== null;) {
        const page: ReplyOf<typeof GetBoardAt> = await ask(GetBoardAt, { at, skip });
        rows.push(...page.rows);
        skip = page.next;
      }
      return rows.toSorted((a, b) => a.appId.localeCompare(b.appId));
    };
    const sorted = live.toSorted((a, b) => a.appId.localeCompare(b.appId));
    expect(await past(new Date().toISOString())).toEqual(sorted);
    await query(`update standing_version set known_at = known_at - interval '31 days'`);
    await query(`update fill_version set known_at = known_at - interval '31 days'`);
    await query(`update board_head set since = since - interval '31 days'`);
    const kept = () => number('select count(*) from standing_version');
    const all = await kept();
    await ask(FreezeBoard, { by: 'test' });
    await logs.submission.say(FillRequested, requested(21, randomUUID(), 2, 41));
    await settle();
    expect(await kept()).toBe(all);
    await ask(ThawBoard, { by: 'test' });
    await logs.submission.say(FillRequested, requested(22, randomUUID(), 2, 42));
    await settle();
    expect([all > live.length, await kept()]).toEqual([true, live.length]);
    const { since } = await ask(GetBoardChanges, {});
    expect(Date.now() - Date.parse(since)).toBeLessThan(30 * 86_400_000 + 60_000);
    expect(await past(since)).toEqual(sorted);
    // As they were kept before downtime was measured.
    await query(`update standing_version set version = version - 'downtime'`);
    expect(new Set((await past(since)).map(({ downtime }) => downtime))).toEqual(new Set([null]));
  });

  it('ends with nothing held back', async () => {
    await settle();
    expect(await query('select name, error from held')).toEqual([]);
  });
});
