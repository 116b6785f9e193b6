import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { NatsConnection } from '@nats-io/transport-node';
import { startSite, takesIt, type Site } from './site.js';
import { preflightsAtOnceMax, type GetTrialWrite, type PreflightLine } from '#libs/contracts/src/preflight.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { armFailpoint } from '#libs/platform/src/failpoint.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: a trial write is sent once, and its line says what the app did with it; what our side did is nobody's failure.
// Method: the filler alone with real Postgres and NATS, asked as the gateway asks; apps on loopback that do one thing each.
type Trial = ReplyOf<typeof GetTrialWrite>['trial'];

/** Shows the texts that it was sent, or those that `kept` leaves of them. */
const listing =
  (site: () => Site, kept: (texts: string[]) => string[] = (texts) => texts): RequestListener =>
  (_req, res) => {
    const texts = site().posts.map((post) => (JSON.parse(post.slice(post.indexOf(' '))) as { text: string }).text);
    res.end(JSON.stringify({ rows: kept(texts).map((text, id) => ({ id, text })) }));
  };
/** The first look sees nothing. */
function later(): (texts: string[]) => string[] {
  let looks = 0;
  return (texts) => ((looks += 1) === 1 ? [] : texts);
}

describe('a trial write', () => {
  let lab: Lab;
  let gateway: NatsConnection;
  const lines = {} as Record<'broken' | 'forgetful' | 'laggy', PreflightLine>;
  const sites: Record<'faithful' | 'broken' | 'forgetful' | 'laggy' | 'crash', Site> = {} as never;

  const site = async (
    name: keyof typeof sites,
    kept?: (texts: string[]) => string[],
    answer: RequestListener = takesIt,
  ) => {
    sites[name] = await startSite(
      listing(() => sites[name], kept),
      answer,
    );
  };
  const ask = async (name: string, data: object) =>
    (await gateway.request(subject.ask('filler', name), JSON.stringify(data), { timeout: 5_000 })).json<Answer>();
  const begin = (preflightId: string, url: string) => ask('BeginTrialWrite', { preflightId, url });
  const find = async (preflightId: string): Promise<Trial> => {
    const answer = await ask('GetTrialWrite', { preflightId });
    if ('problem' in answer) throw new Error(answer.problem.detail);
    return (answer.ok as ReplyOf<typeof GetTrialWrite>).trial;
  };
  const lineOf = (preflightId: string): Promise<PreflightLine> =>
    until(async () => (await find(preflightId))?.line ?? undefined, 60_000);
  const tried = async (url: string): Promise<PreflightLine> => {
    const preflightId = randomUUID();
    expect(await begin(preflightId, url)).toEqual({ ok: { preflightId } });
    return lineOf(preflightId);
  };
  const problem = async (url: string) => {
    const answer = await begin(randomUUID(), url);
    return 'problem' in answer ? answer.problem : undefined;
  };
  /** A row as a filler leaves it that died between its mark and the end. */
  const insert = (row: { preflightId: string; url: string; marker: string; sent: boolean; hoursAgo?: number }) =>
    lab.query(
      'filler',
      `insert into trial_write (preflight_id, url, marker, asked_at, sent_at)
       values ($1, $2, $3, clock_timestamp() - make_interval(hours => $5), case when $4 then clock_timestamp() end)`,
      [row.preflightId, row.url, row.marker, row.sent, row.hoursAgo ?? 0],
    );

  beforeAll(async () => {
    await site('faithful');
    await site('broken', () => [], (_req, res) => void res.writeHead(500).end('{"ok":false}')); // prettier-ignore
    await site('forgetful', () => []);
    await site('laggy', later());
    await site('crash');
    const allow = [...Object.values(sites).map(({ port }) => `127.0.0.1:${port}`), '127.0.0.1:9'];
    lab = await Lab.start({ host: ['filler'], env: { EGRESS_ALLOW: allow.join(',') } });
    gateway = await lab.connectAs('gateway');
    // At once, since those that fail are looked for during seconds.
    const names = ['broken', 'forgetful', 'laggy'] as const;
    await Promise.all(names.map(async (name) => (lines[name] = await tried(sites[name].url))));
  });
  afterAll(async () => {
    await gateway?.close();
    await lab?.stop();
    for (const one of Object.values(sites)) one.close();
  });

  it('that is taken and shown passes; the entry says whose it is', async () => {
    const line = await tried(`${sites.faithful.url}/`);
    expect(line).toMatchObject({ check: 'write', state: 'passed', next: null });
    expect(line.sentence).toMatch(/^An entry was acknowledged in \S+ m?s and is in its list\.$/);
    expect(sites.faithful.posts).toEqual([
      expect.stringMatching(/^\/api\/journal\/entries \{"text":"Lockstep pre-flight ~[0-9a-z]{10}"\}$/),
    ]);
  });

  it.each<['broken' | 'forgetful' | 'laggy', PreflightLine['state'], RegExp]>([
    ['broken', 'failed', /^It answered 500 instead of 200, and the entry is not in its list/],
    ['forgetful', 'failed', /^An entry was acknowledged in .+, but the entry is not in its list/],
    ['laggy', 'warned', /is in its list only .+ later: pending verdicts are likely\.$/],
  ])('to an app that is %s is %s, and sent once', (name, state, sentence) => {
    const line = lines[name];
    expect([line.state, line.next === null]).toEqual([state, false]);
    expect(line.sentence).toMatch(sentence);
    expect(sites[name].posts).toHaveLength(1);
  });

  it('where nobody listens fails, and says what to do', async () => {
    expect(await tried('http://127.0.0.1:9')).toMatchObject({
      state: 'failed',
      sentence: expect.stringMatching(/^Nothing listens on this port/),
      next: expect.stringMatching(/^Start the app/),
    });
  });

  it.each(['http://10.0.0.1', 'http://127.0.0.1:10', 'ftp://app.example.org', 'http://user@app.example.org'])(
    'to %s is refused: nothing is written down, nothing leaves',
    async (url) => {
      const before = await lab.query('filler', 'select 1 from trial_write');
      expect((await problem(url))?.type).toBe('urn:lockstep:problem:url-not-allowed');
      expect(await lab.query('filler', 'select 1 from trial_write')).toHaveLength(before.length);
    },
  );

  it('that is asked for again with its id is written once, also after its end', async () => {
    const preflightId = randomUUID();
    const before = sites.faithful.posts.length;
    const url = sites.faithful.url;
    await Promise.all([begin(preflightId, url), begin(preflightId, url), begin(preflightId, url)]);
    const line = await lineOf(preflightId);
    expect(await begin(preflightId, url)).toEqual({ ok: { preflightId } });
    await lab.settle({ services: ['filler'] });
    expect(await find(preflightId)).toMatchObject({ line });
    expect(sites.faithful.posts).toHaveLength(before + 1);
  });

  it('whose end was not recorded is looked for, and not sent again', async () => {
    let passes = 0;
    const disarm = armFailpoint('worker:acted', () => {
      passes += 1;
      if (passes === 1) throw new Error('died before it was recorded');
    });
    const line = await tried(sites.crash.url).finally(disarm);
    expect([passes, line.state, line.ms]).toEqual([2, 'passed', null]);
    expect(line.sentence).toMatch(/our side was interrupted\.$/);
    expect(sites.crash.posts).toHaveLength(1);
  });

  it('that may have been sent before a crash, and is not there, is not sent: nobody knows, and the app is not blamed', async () => {
    const preflightId = randomUUID();
    const before = sites.crash.posts.length;
    await insert({ preflightId, url: sites.crash.url, marker: '~zzzzzzzzzz', sent: true });
    await lab.query(
      'filler',
      `insert into work (kind, subject, due_at) values ('trial-write', $1, clock_timestamp())`,
      [preflightId],
    );
    expect(await lineOf(preflightId)).toMatchObject({ state: 'unknown', ms: null });
    expect(sites.crash.posts).toHaveLength(before);
  });

  it('is refused while as many as may be are under way; those of an hour ago are forgotten', async () => {
    const old = randomUUID();
    await insert({ preflightId: old, url: sites.crash.url, marker: '~0000000000', sent: false, hoursAgo: 2 });
    const open = Array.from({ length: preflightsAtOnceMax }, () => randomUUID());
    for (const preflightId of open)
      await insert({ preflightId, url: sites.crash.url, marker: '~0000000000', sent: false });
    expect((await problem(sites.faithful.url))?.type).toBe('urn:lockstep:problem:limit-reached');
    await lab.query('filler', 'update trial_write set ended_at = clock_timestamp() where preflight_id = $1', [open[0]]);
    expect(await problem(sites.faithful.url)).toBeUndefined();
    expect(await find(old)).toBeNull();
    await lab.query('filler', 'delete from trial_write where preflight_id = any($1)', [open]);
  });

  it('that nobody asked for is not known', async () => {
    expect(await find(randomUUID())).toBeNull();
  });
});
