import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { RanksPreview } from '#libs/contracts/src/board-preview.js';
import type { InputOf } from '#libs/contracts/src/contract.js';
import { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import type { BoardView } from '#libs/contracts/src/gateway.js';
import { VerdictOverridden } from '#libs/contracts/src/overrides.js';
import { AppSubmitted, AppWithdrawn, FillRequested } from '#libs/contracts/src/submission.js';
import { ProbeWindowClosed } from '#libs/contracts/src/windows.js';
import { GatewayClient, type Answer } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

// Goal: once the scoreboard is frozen, no public answer changes by a byte, whatever happens; staff see everything.
// Method: gateway and leaderboard, fed by the logs of the others; every address that `GET /api` lists is asked as a visitor.
const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const producers = ['submission', 'filler', 'comparator'] as const;
const start = Date.now() - 3_600_000;
const time = (minute: number) => new Date(start + minute * 60_000).toISOString();

describe('while the scoreboard is frozen', () => {
  let lab: Lab;
  let gateway: GatewayClient;
  const logs = {} as Record<(typeof producers)[number], StandIn>;
  const apps = Array.from({ length: 3 }, () => randomUUID());
  const known = { comparison: randomUUID(), fill: randomUUID(), batch: randomUUID() };
  const hidden = { app: randomUUID(), comparison: randomUUID(), fill: randomUUID() };
  const settle = () => lab.settle({ services: [...producers, 'leaderboard'], deadlineMs: 20_000 });

  beforeAll(async () => {
    const env = { ADMIN_TOKEN: token, ADMIN_PASSWORD: 'a password for tests', PORT: '0' };
    lab = await Lab.start({ host: ['gateway', 'leaderboard'], env });
    for (const name of producers) logs[name] = await StandIn.start(lab, name);
    gateway = await GatewayClient.of(lab);
  });
  /** Refused where a test has thawed it. */
  afterEach(() => freeze('DELETE'));
  afterAll(async () => {
    for (const log of Object.values(logs)) await log.stop();
    await lab?.stop();
  });

  const submitted = (appId: string, part: Partial<InputOf<typeof AppSubmitted>> = {}) => ({
    ...{ appId, name: `App ${appId.slice(0, 4)}`, team: null, url: 'https://a.example.org', joinedAt: time(0) },
    ...part,
  });
  const endpoint = (missing: number) => ({
    ...{ path: '/api/moods/all', label: 'Moods', matched: 9, missing, changed: 0, doubled: 0, outside: 0, note: null },
    verdict: missing ? ('out-of-sync' as const) : ('in-sync' as const),
  });
  const parity = (appId: string, computedAt: string, missing = 0, comparisonId: string = randomUUID()) => ({
    ...{ comparisonId, batchId: known.batch, appId, trigger: 'schedule' as const, computedAt, looks: 1 },
    ...{ verdict: endpoint(missing).verdict, sentence: `${missing} rows lost.`, endpoints: [endpoint(missing)] },
    ...{ rowsDifferent: missing, acknowledged: 9, lostAfterAck: missing },
  });
  const failed = (appId: string, computedAt: string): InputOf<typeof ComparisonFailed> => ({
    ...{ comparisonId: randomUUID(), batchId: known.batch, appId, trigger: 'schedule', side: 'baseline' },
    ...{ sentence: 'Unknown.', computedAt },
  });
  /** What staff say of a comparison. */
  const overridden = (appId: string, comparisonId: string, verdict: 'in-sync' | null) => ({
    ...{ comparisonId, appId, verdict, sentence: 'As overruled.', reason: 'Overruled.', by: 'teacher', at: time(9) },
    ...{ machine: { verdict: 'out-of-sync' as const, sentence: '2 rows lost.' }, paths: ['/api/moods/all'] },
  });
  const filled = (
    appId: string,
    number: number,
    fillId: string,
    role: 'app' | 'baseline' = 'app',
  ): InputOf<typeof TargetFilled> => ({
    // prettier-ignore
    ...{ fillId, number, targetId: appId, role, targetName: 'App', driver: 'http', outcome: 'partly', note: null },
    endedAt: time(number),
    writes: (['acknowledged', 'refused'] as const).map((outcome, index) => ({
      ...{ writeId: randomUUID(), index, marker: `#${index}`, payload: { kind: 'value', value: 1 }, outcome },
      ...{ status: 200, reason: null, sentAt: null, answeredAt: null },
    })),
  });
  const requested = (number: number, fillId: string): InputOf<typeof FillRequested> => ({
    ...{ fillId, number, seed: 'seed seed', reason: 'schedule', by: 'lockstep', mode: 'all', iterations: 1 },
    requestedAt: time(number),
    targets: apps.map((targetId) => ({ targetId, role: 'app' as const, name: 'x', url: 'https://a.example.org' })),
  });
  const closed = (number: number, fillId: string) => ({
    ...{ fillId, number, closedAt: time(number), filled: 1, partly: 1, givenUp: 0 },
  });

  const watched = (appId: string, declaredAt: string, lost: number): InputOf<typeof ProbeWindowClosed> => ({
    ...{ windowId: randomUUID(), appId, appName: 'App', verdict: lost ? 'violated' : 'proven', reasons: [], lost },
    ...{ downtimeMs: { read: lost * 200, write: 0 }, head: '', declaredAt, closedAt: declaredAt },
  });

  /** What may happen: also to an app that nobody knows yet, and told of a time before the freeze. */
  const happening = fc.record({
    what: fc.constantFrom('join', 'leave', 'request', 'fill', 'close', 'watch', 'judge', 'judge', 'fail'),
    app: fc.nat({ max: apps.length }),
    minute: fc.integer({ min: 1, max: 59 }),
    missing: fc.integer({ min: 0, max: 3 }),
  });
  type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
  let fills = 10;
  const happen = async ({ what, app, minute, missing }: Happening): Promise<void> => {
    const appId = [...apps, hidden.app][app]!;
    if (what === 'join') return logs.submission.say(AppSubmitted, submitted(appId, { name: `Renamed ${minute}` }));
    if (what === 'leave') return logs.submission.say(AppWithdrawn, { appId, by: 'owner', at: time(minute) });
    if (what === 'request') return logs.submission.say(FillRequested, requested((fills += 1), randomUUID()));
    if (what === 'fill') return logs.filler.say(TargetFilled, filled(appId, fills, hidden.fill));
    if (what === 'close') return logs.filler.say(FillClosed, closed(fills, randomUUID()));
    if (what === 'watch') return logs.filler.say(ProbeWindowClosed, watched(appId, time(minute), missing));
    if (what === 'judge') return logs.comparator.say(ParityComputed, parity(appId, time(minute), missing));
    return logs.comparator.say(ComparisonFailed, failed(appId, time(minute)));
  };

  /** Every address that can be read, with ids of what was known and of what was not, and boards of some times. */
  const addresses = async (): Promise<string[]> => {
    const { body } = await gateway.visitor<{ api: { method: string; path: string }[] }>('GET', '/api');
    const paths = body.api.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(20);
    const ids: Record<string, readonly string[]> = {
      ...{ ':appId': [apps[0]!, hidden.app], ':comparisonId': [known.comparison, hidden.comparison] },
      ...{ ':batchId': [known.batch], ':fillId': [known.fill, 'latest'], ':traceId': ['a'.repeat(32)] },
    };
    const withIds = paths.flatMap((path) => {
      const parameter = /:\w+/.exec(path)?.[0];
      return parameter ? (ids[parameter] ?? [hidden.comparison]).map((id) => path.replace(parameter, id)) : [path];
    });
    const boards = withIds.filter((path) => /\/board(\.\w+)*$/.test(path));
    expect(boards.length).toBe(5);
    const more = boards.flatMap((path) => [time(59), time(90), new Date().toISOString()].map((at) => `${path}?at=${at}`)); // prettier-ignore
    const lists = ['/api/v1/board/log?search=renamed', '/api/v1/board/log?after=3', '/api/v1/comparisons?limit=100'];
    return [...withIds, ...more, ...lists, `/api/v1/comparisons?appId=${apps[0]}`, '/livez', '/'];
  };
  const bytesOf = async (path: string): Promise<string> => {
    if (path === '/api/v1/events') return firstMessage();
    const { status, body } = await gateway.visitor<unknown>('GET', path);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return `${status} ${text.replace(/"traceId":"[0-9a-f]{32}"(?=}$)/, '')}`; // of the asking itself
  };
  const firstMessage = async (): Promise<string> => {
    const ending = new AbortController();
    const { body } = await fetch(`${gateway.url}/api/v1/events`, { signal: ending.signal });
    let text = '';
    for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/\ndata: .*\n\n/.test(text)) break;
    }
    ending.abort();
    return text;
  };
  const everything = async (paths: readonly string[]) => {
    const answers = new Map<string, string>();
    for (const path of paths) answers.set(path, await bytesOf(path));
    return answers;
  };
  const freeze = <Body = unknown>(method: string, body?: unknown): Promise<Answer<Body>> =>
    gateway.staff<Body>(method, '/api/v1/board/freeze', body);

  it('no public answer changes by a byte, whatever happens; staff see it all; after the thaw everybody does', async () => {
    await logs.submission.say(AppSubmitted, ...apps.map((appId) => submitted(appId)));
    await logs.submission.say(FillRequested, requested(1, known.fill));
    await logs.filler.say(TargetFilled, filled(apps[0]!, 1, known.fill));
    await logs.comparator.say(
      ParityComputed,
      parity(apps[0]!, time(2), 2, known.comparison),
      parity(apps[1]!, time(3)),
    );
    await settle();
    const frozen = await freeze<{ frozen: { at: string } }>('POST', {});
    expect(frozen.status).toBe(200);
    const paths = await addresses();
    const before = await everything(paths);
    expect(before.get('/api/v1/board')).toContain(`"frozen":{"at":"${frozen.body.frozen.at}","hides":true}`);
    expect(before.get('/api/v1/board')).toContain('"verdict":"out-of-sync"');
    expect(before.get('/api/v1/comparisons?limit=100')).toContain(known.comparison);
    expect(before.get(`/api/v1/comparisons/${hidden.comparison}`)).toMatch(/^404 /);
    expect(before.get('/api/v1/traces')).toMatch(/^403 .*urn:lockstep:problem:frozen/);

    await logs.comparator.say(ParityComputed, parity(apps[0]!, time(1), 3, hidden.comparison));
    await logs.comparator.say(VerdictOverridden, overridden(apps[0]!, known.comparison, 'in-sync'));
    await settle();
    const overruled = await gateway.staff<BoardView>('GET', '/api/v1/board');
    expect(overruled.body.rows.find((row) => row.appId === apps[0])).toMatchObject({
      ...{ verdict: 'in-sync', sentence: 'As overruled.', override: { machine: { verdict: 'out-of-sync' } } },
    });
    for (const happenings of fc.sample(fc.array(happening, { minLength: 9, maxLength: 12 }), { numRuns: 2, seed: 7 })) {
      for (const one of happenings) await happen(one);
      await settle();
      const after = await everything(paths);
      for (const [path, bytes] of before) expect([path, after.get(path)]).toEqual([path, bytes]);
    }
    // The log keeps its newest lines only: more of them must not push out those that everybody sees.
    await lab.query(
      'leaderboard',
      `insert into log_line (at, level, text, known_at)
       select now(), 'info', 'hidden', known_at from board_head, generate_series(1, 5000)`,
    );
    const many = Array.from({ length: 501 }, () => failed(hidden.app, time(9)));
    await logs.comparator.say(ComparisonFailed, ...many);
    await settle();
    const [lines] = await lab.query<{ n: number }>('leaderboard', 'select count(*)::int as n from log_line');
    expect(lines!.n).toBeLessThan(5_100); // what is hidden goes
    expect(await bytesOf('/api/v1/board/log')).toBe(before.get('/api/v1/board/log'));

    const live = await gateway.staff<BoardView>('GET', '/api/v1/board');
    expect(live.body).toMatchObject({ frozen: { at: frozen.body.frozen.at, hides: false } });
    expect(JSON.stringify(live.body.rows)).toContain('Renamed');
    // What staff would publish is tried on the live board, and that is said.
    const [best] = live.body.rows;
    const lost = { path: '/api/moods/all', verdict: 'out-of-sync' as const, missing: 99 };
    const verdicts = [{ appId: best!.appId, verdict: lost.verdict, endpoints: [lost] }];
    const preview = await gateway.staff<RanksPreview>('POST', '/api/v1/board/preview', { verdicts });
    const from = best!.rank;
    expect(preview.body).toMatchObject({ frozen: { at: frozen.body.frozen.at } });
    expect(preview.body.moves).toContainEqual({ appId: best!.appId, appName: best!.name, rank: { from, to: expect.any(Number) } }); // prettier-ignore
    expect((await gateway.staff<BoardView>('GET', '/api/v1/board')).body.rows).toEqual(live.body.rows);
    expect((await freeze('DELETE')).status).toBe(200);
    expect(await bytesOf('/api/v1/board')).toContain('Renamed');
    expect((await gateway.visitor('GET', '/api/v1/traces')).status).toBe(200);
  });

  it('shows the board as of a time as people saw it then, and the newest one as it is live', async () => {
    const at = async (asked: string) =>
      (await gateway.visitor<BoardView>('GET', `/api/v1/board?at=${encodeURIComponent(asked)}`)).body;
    const { body: first } = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    await logs.submission.say(AppSubmitted, submitted(randomUUID(), { name: 'A newcomer' }));
    await settle();
    await until(async () =>
      JSON.stringify((await gateway.visitor('GET', '/api/v1/board')).body).includes('A newcomer'),
    );
    const then = await at(first.asOf);
    expect(then.rows).toEqual(first.rows);
    expect(then.fill).toEqual(first.fill);
    const { body: now } = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    expect((await at(new Date().toISOString())).rows).toEqual(now.rows);
    const oldest = await at('2020-01-01T00:00:00Z');
    expect([oldest.rows, oldest.asOf]).toEqual([[], oldest.since]);
    expect((await gateway.visitor('GET', '/api/v1/board?at=yesterday')).status).toBe(400);
  });

  it('is frozen once, at a time that has passed, by staff only; who did what is kept', async () => {
    expect((await gateway.visitor('POST', '/api/v1/board/freeze', {})).status).toBe(401);
    expect((await freeze('DELETE')).status).toBe(409);
    expect((await freeze('POST', { at: new Date(Date.now() + 3_600_000).toISOString() })).status).toBe(400);
    const { body: before } = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    const boardAt = new Date(Date.now() - 5).toISOString();
    expect((await freeze('POST', { at: boardAt })).status).toBe(200);
    expect((await freeze('POST', {})).status).toBe(409);
    const { body: held } = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    expect([held.asOf, held.rows]).toEqual([boardAt, before.rows]);
    expect((await freeze('DELETE')).status).toBe(200);
    const { body } = await freeze<{ freezes: { action: string; by: string; boardAt: string }[] }>('GET');
    expect(body.freezes.slice(0, 2).map(({ action, by, boardAt: of }) => [action, by, of])).toEqual([['thaw', 'admin', boardAt], ['freeze', 'admin', boardAt]]); // prettier-ignore
  });
});
