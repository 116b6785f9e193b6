import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';
import type { GetComparison, ListComparisons } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { AppLedger, BoardView, SubmittedApp } from '#libs/contracts/src/gateway.js';
import type { GetFill, ListWrites } from '#libs/contracts/src/filler.js';
import type { ListedApp } from '#libs/contracts/src/submission.js';
import type { Answer } from '#libs/messaging/src/requests.js';

// The main job on real input: real browser, real HTTP, real apps. What a newcomer sees within the first minutes.
const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const drop = [{ name: 'drop-acknowledged', everyNth: 4, kinds: ['entry'] }];

describe('the main job', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;
  const claimed = new Map<string, SubmittedApp>();

  const submit = async (name: string) => {
    const { status, body } = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', {
      name,
      url: apps.students.get(name)!.url,
    });
    expect(status).toBe(201);
    claimed.set(name, body);
  };
  const fill = async () => {
    const started = await gateway.staff<{ fillId: string }>('POST', '/api/v1/fills');
    expect(started.status).toBe(202);
    await lab.settle();
    const { body } = await gateway.visitor<ReplyOf<typeof GetFill>>('GET', `/api/v1/fills/${started.body.fillId}`);
    return body.fill!;
  };
  const row = async (name: string) => {
    const { body } = await gateway.visitor<BoardView>('GET', '/api/v1/board');
    return body.rows.find((one) => one.name === name)!;
  };
  const compareAll = async () => {
    await gateway.staff('POST', '/api/v1/comparisons', { apps: 'all' });
    await allJudged();
  };
  /** As the first test waits for it, which takes the time between two looks as it is. */
  const allJudged = () => lab.settle({ workWithinMs: 15_000, looksAtOnce: true });

  beforeAll(async () => {
    lab = await Lab.start({
      env: {
        ADMIN_TOKEN: token,
        ADMIN_PASSWORD: 'a password for tests',
        PORT: '0',
        FILL_ITERATIONS: '4',
        COMPARE_INTERVAL_SECONDS: '86400',
        FILL_INTERVAL_SECONDS: '86400',
      },
    });
    apps = await ClassOfApps.start(lab, { Faithful: [], Lossy: drop, Newcomer: [], Late: [], Hidden: [], Shy: drop });
    gateway = await GatewayClient.of(lab);
  });
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  it('fills baseline and apps with the same data by a real browser, and compares them when the first fill closes', async () => {
    await submit('Faithful');
    await submit('Lossy');
    await lab.settle({ workWithinMs: 15_000 });
    const { body } = await gateway.visitor<ReplyOf<typeof GetFill>>('GET', '/api/v1/fills/latest');
    expect(body.fill).toMatchObject({ number: 1, closedAt: expect.any(String) });
    expect(body.fill!.parts.map((part) => [part.targetName, part.driver, part.state, part.acknowledged])).toEqual(
      expect.arrayContaining([
        ['baseline', 'browser', 'filled', 12],
        ['Faithful', 'browser', 'filled', 12],
        ['Lossy', 'browser', 'filled', 12],
      ]),
    );
    expect(await row('Faithful')).toMatchObject({ verdict: 'in-sync', rank: 1, lostAfterAck: 0 });
    expect(await row('Lossy')).toMatchObject({
      verdict: 'out-of-sync',
      rank: 2,
      lostAfterAck: 1,
      sentence: expect.stringContaining('acknowledged, then lost'),
    });
    // From here on the test says when is filled: the early fill for a newcomer would be one more than it counts, or in its way.
    expect((await gateway.staff('PATCH', '/api/v1/automation', { fill: { on: false } })).status).toBe(200);
  });

  it('names the very rows that the lossy app acknowledged and lost', async () => {
    const { comparisonId } = await row('Lossy');
    const { body } = await gateway.visitor<ReplyOf<typeof GetComparison>>('GET', `/api/v1/comparisons/${comparisonId}`);
    const entries = body.comparison.endpoints.find((endpoint) => endpoint.label === 'Entries')!;
    expect(entries).toMatchObject({ verdict: 'out-of-sync', missing: 1, matched: 3 });
    const [lost] = entries.differences;
    const dropped = (apps.students.get('Lossy') as unknown as { tally: { dropped: { body: string }[] } }).tally.dropped;
    expect(JSON.stringify(dropped)).toContain(lost!.marker!.slice(1));
    expect(lost).toMatchObject({
      kind: 'missing',
      fill: 1,
      acknowledgedAt: expect.any(String),
      app: null,
      baseline: { text: expect.stringContaining(lost!.marker!) },
    });
    expect(body.comparison.looks).toBe(3);
    expect(body.comparison.causes[0]).toMatchObject({ name: 'lost', rows: 1 });
    expect(body.comparison.endpoints.find((endpoint) => endpoint.label === 'Stats')!.verdict).toBe('in-sync');
  });

  it('finds a newcomer in sync although it joined late, and holds nobody to what came before', async () => {
    await fill();
    await submit('Newcomer');
    await fill();
    await allJudged();
    expect(await row('Newcomer')).toMatchObject({ verdict: 'in-sync', acknowledged: 12 });
    await compareAll();
    expect(await row('Faithful')).toMatchObject({ verdict: 'in-sync', acknowledged: 36 });
    expect((await row('Lossy')).lostAfterAck).toBe(3);
  });

  it('lets staff compare from NATS, by request and by plain publish, with the staff credentials only', async () => {
    const { appId } = claimed.get('Faithful')!;
    const staff = await lab.connectAs('staff');
    const before = await gateway.visitor<ReplyOf<typeof ListComparisons>>('GET', `/api/v1/comparisons?appId=${appId}`);
    const reply = (
      await staff.request('lockstep.staff.CompareApps', JSON.stringify({ apps: [appId], trigger: 'nats' }), {
        timeout: 5_000,
      })
    ).json<Answer>();
    expect(reply).toMatchObject({ ok: { comparisons: [{ appId }] } });
    await lab.settle();
    staff.publish('lockstep.staff.CompareApps', JSON.stringify({ apps: [appId], trigger: 'nats' }));
    await staff.flush();
    const count = async () =>
      (await gateway.visitor<ReplyOf<typeof ListComparisons>>('GET', `/api/v1/comparisons?appId=${appId}`)).body
        .comparisons.length;
    await until(async () => (await count()) === before.body.comparisons.length + 2);
    const wrong = (await staff.request('lockstep.staff.CompareApps', '{"apps": 7}', { timeout: 5_000 })).json<Answer>();
    expect(wrong).toMatchObject({ problem: { status: 400, side: 'yours' } });
    await staff.close();
    await lab.settle();
  });

  it('keeps a send log that names every write, its outcome and its trace', async () => {
    const { appId } = claimed.get('Lossy')!;
    const { body } = await gateway.visitor<ReplyOf<typeof ListWrites>>('GET', `/api/v1/apps/${appId}/writes?limit=200`);
    expect(body.totals).toEqual({ acknowledged: 36, refused: 0, unknown: 0, skipped: 0 });
    expect(new Set(body.writes.map((write) => write.marker)).size).toBe(36);
    expect(body.writes.every((write) => write.driver === 'browser' && /^[0-9a-f]{32}$/.test(write.traceId ?? ''))).toBe(
      true,
    );
  });

  it('says what became of every acknowledged write', async () => {
    const ledger = async (name: string, query = '') =>
      (await gateway.visitor<AppLedger>('GET', `/api/v1/apps/${claimed.get(name)!.appId}/ledger?limit=100${query}`)).body; // prettier-ignore
    const whole = { acknowledged: 36, behind: 0, waiting: 0, excused: 0, doubled: 0 };
    expect(await ledger('Lossy')).toMatchObject({ seen: { ...whole, visible: 33, lost: 3 }, next: null, missing: [] });
    expect(await ledger('Faithful')).toMatchObject({ seen: { ...whole, visible: 36, lost: 0 } });
    const lost = (await ledger('Lossy', '&only=acknowledged-then-missing')).writes;
    expect(lost.map((write) => [write.number, write.outcome, write.sighting?.state, write.sighting?.firstSeenAt])).toEqual([3, 2, 1].map((fill) => [fill, 'acknowledged', 'lost', null])); // prettier-ignore
    expect((await ledger('Lossy', '&only=not-acknowledged')).writes).toEqual([]);
  });

  it('lets only its owner change or withdraw an app', async () => {
    const app = apps.students.get('Late')!;
    const first = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', { name: 'Late', url: app.url });
    const again = await gateway.visitor<{ type: string }>('POST', '/api/v1/apps', { name: 'Mallory', url: app.url });
    expect([again.status, again.body.type]).toEqual([409, 'urn:lockstep:problem:url-claimed']);
    const claimCode = first.body.claimCode!;
    const renamed = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', {
      name: 'Later',
      url: app.url,
      claimCode,
    });
    expect([renamed.status, renamed.body]).toMatchObject([
      200,
      { appId: first.body.appId, created: false, claimCode: null },
    ]);
    expect(
      (await gateway.visitor('DELETE', `/api/v1/apps/${first.body.appId}`, undefined, { 'x-claim-code': 'guessed' }))
        .status,
    ).toBe(403);
    expect(
      (await gateway.visitor('DELETE', `/api/v1/apps/${first.body.appId}`, undefined, { 'x-claim-code': claimCode }))
        .status,
    ).toBe(200);
    await allJudged();
    expect(await row('Later')).toBeUndefined();
  });

  it('shows nobody who is behind a pseudonym, wherever he looks, also when it was chosen after the app was known', async () => {
    const submitAs = async (student: string, part: object) =>
      (await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', { url: apps.students.get(student)!.url, ...part })).body; // prettier-ignore
    const hidden = await submitAs('Hidden', { name: 'Ada Lovelace', team: 'Engines', pseudonym: 'Fox' });
    const shy = await submitAs('Shy', { name: 'Grace Hopper', team: 'Compilers' });
    await fill();
    await allJudged();
    expect(leaks(await publicAnswers([hidden.appId, shy.appId])).join()).toMatch(/Grace Hopper.*Compilers/);
    const { claimCode } = shy;
    await submitAs('Shy', { name: 'Grace Hopper', team: 'Compilers', pseudonym: 'Owl', claimCode });
    await allJudged();
    await until(async () => await row('Owl'));
    const hiding = await publicAnswers([hidden.appId, shy.appId]);
    expect(leaks(hiding)).toEqual([]);
    expect(hiding).toMatch(/\[Fox\] browser: 12 of 12 writes acknowledged/);
    await fill();
    await allJudged();
    const later = await publicAnswers([hidden.appId, shy.appId]);
    expect(leaks(later)).toEqual([]);
    expect(later).toMatch(/\[Owl\] browser: 12 of 12 writes acknowledged/);
    const { body } = await gateway.staff<{ apps: ListedApp[] }>('GET', '/api/v1/apps');
    const realOf = (appId: string) => body.apps.find((app) => app.appId === appId)?.real;
    expect([realOf(hidden.appId), realOf(shy.appId)]).toEqual([
      { name: 'Ada Lovelace', team: 'Engines' },
      { name: 'Grace Hopper', team: 'Compilers' },
    ]);
  });

  const leaks = (text: string): string[] => text.match(/.{0,200}(Lovelace|Hopper|Engines|Compilers).{0,20}/g) ?? [];

  /** Everything that a visitor can ask for: each address without an id, and with the ids of these apps; the stream's first messages. */
  const publicAnswers = async (appIds: readonly string[]): Promise<string> => {
    const get = async (path: string) => JSON.stringify((await gateway.visitor('GET', path)).body);
    const { body } = await gateway.visitor<{ api: { method: string; path: string }[] }>('GET', '/api');
    const plain = body.api.filter(
      ({ method, path }) => method === 'GET' && !path.includes(':') && !/events/.test(path),
    );
    const lists = appIds.flatMap((id) => [`/api/v1/comparisons?appId=${id}`, `/api/v1/apps/${id}/writes?limit=200`]);
    const fills = await lab.query<{ id: string }>('filler', 'select fill_id as id from fill');
    const traces = await lab.query<{ id: string }>(
      'gateway',
      `select distinct trace_id as id from span where service <> 'gateway'`,
    );
    const comparisons = await lab.query<{ id: string }>(
      'comparator',
      'select comparison_id as id from comparison where app_id = any($1::uuid[])',
      [appIds],
    );
    const paths = [
      ...plain.map(({ path }) => path),
      ...lists,
      '/api/v1/board/log?limit=500',
      ...fills.map(({ id }) => `/api/v1/fills/${id}`),
      ...comparisons.map(({ id }) => `/api/v1/comparisons/${id}`),
      ...traces.map(({ id }) => `/api/v1/traces/${id}`),
      ...['Lovelace', 'Hopper'].map((word) => `/api/v1/traces?search=${word}`),
    ];
    const answers = [await firstOfStream(`${gateway.url}/api/v1/events`)];
    for (const path of paths) answers.push(`${path.replace(/Lovelace|Hopper/, '…')} ${await get(path)}`);
    return answers.join('\n');
  };
  const firstOfStream = async (url: string): Promise<string> => {
    const ending = new AbortController();
    const stream = (await fetch(url, { signal: ending.signal })).body!.pipeThrough(new TextDecoderStream());
    let text = '';
    for await (const chunk of stream) if (/"log":/.test((text += chunk)) && text.endsWith('\n\n')) break;
    ending.abort();
    return text;
  };

  it('ends with a clean ledger', async () => {
    await allJudged();
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  });

  it('keeps the shapes of the older read API', async () => {
    const { body } = await gateway.visitor<{ leaderboard: unknown[] }>('GET', '/api/leaderboard');
    expect(body.leaderboard).toContainEqual({
      name: 'Faithful',
      url: apps.students.get('Faithful')!.url,
      last_checked: expect.any(Number),
      sync: true,
    });
    expect(body.leaderboard).toContainEqual({
      name: 'Lossy',
      url: apps.students.get('Lossy')!.url,
      last_checked: expect.any(Number),
      sync: false,
    });
    const students = await gateway.visitor<{ students: unknown[] }>('GET', '/api/students');
    expect(students.body.students).toContainEqual({
      name: 'Faithful',
      url: apps.students.get('Faithful')!.url,
      added_at: expect.any(Number),
    });
    expect((await gateway.visitor('GET', '/healthz')).body).toEqual({ status: 'ok' });
  });
});
