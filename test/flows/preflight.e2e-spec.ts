import { randomUUID } from 'node:crypto';
import type { PreflightView } from '#libs/contracts/src/preflight.js';
import type { ProblemDocument } from '#libs/contracts/src/problem.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';

// Goal: whoever checks an app before submitting it learns what the lab would say of it, line by line, and nothing else follows from it:
// no app, no row where nobody asked for one, no blame for what is our failure.
// Method: real services and apps; the checks that an app must fail are planted one by one.
describe('a pre-flight', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;

  beforeAll(async () => {
    const env = { PORT: '0', FILL_INTERVAL_SECONDS: '86400', COMPARE_INTERVAL_SECONDS: '86400' };
    lab = await Lab.start({ env });
    apps = await ClassOfApps.start(lab, {
      Faithful: [],
      Down: [{ name: 'down' }],
      NoMoods: [{ name: 'wrong-shape', how: 'html', reads: ['moods'] }],
      Dropping: [{ name: 'drop-acknowledged', everyNth: 1, kinds: ['entry'] }],
      Slow: [{ name: 'slow', delayMs: 500 }],
    });
    gateway = await GatewayClient.of(lab);
  });
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  const urlOf = (name: string) => apps.students.get(name)!.url;
  const begin = (url: string) =>
    gateway.visitor<PreflightView & ProblemDocument>('POST', '/api/v1/preflights', { url });
  const show = async (id: string) => (await gateway.visitor<PreflightView>('GET', `/api/v1/preflights/${id}`)).body;
  const write = (id: string) =>
    gateway.visitor<PreflightView & ProblemDocument>('POST', `/api/v1/preflights/${id}/write`);
  const read = async (name: string): Promise<PreflightView> => {
    const { status, body } = await begin(urlOf(name));
    expect([status, body.lines.length, body.lines[0]!.state]).toEqual([202, 9, 'passed']);
    await lab.settle({ workWithinMs: 15_000 });
    return show(body.preflightId);
  };
  const statesOf = ({ lines }: PreflightView) => lines.map(({ check, state }) => `${check} ${state}`);
  const entriesOf = async (name: string) =>
    ((await (await fetch(`${urlOf(name)}/api/journal/entries/all`)).json()) as { rows: { text: string }[] }).rows;

  it('of an app that is right passes in every line; one entry is written when it is asked for, and once', async () => {
    const view = await read('Faithful');
    expect(view).toMatchObject({ state: 'over', mayWrite: true, sentence: '8 of 8 passed: it may take part.' });
    expect(await entriesOf('Faithful')).toEqual([]);
    const answers = await Promise.all([write(view.preflightId), write(view.preflightId)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    await lab.settle({ workWithinMs: 15_000 });
    const after = await show(view.preflightId);
    expect(after).toMatchObject({ state: 'over', mayWrite: false, sentence: '9 of 9 passed: it may take part.' });
    expect(await entriesOf('Faithful')).toEqual([expect.objectContaining({ text: expect.stringMatching(/^Lockstep pre-flight/) })]); // prettier-ignore
  });

  it('counts nowhere: nobody takes part by it', async () => {
    expect((await gateway.visitor<{ apps: unknown[] }>('GET', '/api/v1/apps')).body.apps).toEqual([]);
    expect((await gateway.visitor('GET', '/api/v1/limits')).body).toMatchObject({ newApps: { left: 100 } });
  });

  it('of an app that is down says so once, and leaves the rest', async () => {
    const view = await read('Down');
    expect(view).toMatchObject({ state: 'over', mayWrite: false });
    expect(view.lines.filter(({ state }) => state === 'failed').length).toBeGreaterThan(0);
    expect(view.lines.every(({ state, next }) => state !== 'failed' || next !== null)).toBe(true);
    const refused = await write(view.preflightId);
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'The app could not be read: nothing is written to it.',
    ]);
  });

  it('names the one endpoint that is wrong', async () => {
    const view = await read('NoMoods');
    expect(statesOf(view)).toEqual(
      expect.arrayContaining(['answers passed', 'moods failed', 'entries passed', 'values passed', 'write skipped']),
    );
  });

  it('finds an app that acknowledges and drops', async () => {
    const view = await read('Dropping');
    expect(view.mayWrite).toBe(true);
    await write(view.preflightId);
    await lab.settle({ workWithinMs: 15_000 });
    const after = await show(view.preflightId);
    expect(after.lines.at(-1)).toMatchObject({ check: 'write', state: 'failed' });
    expect(after.sentence).toMatch(/1 failed/);
  });

  it('of a slow app tells how slow', async () => {
    const { lines } = await read('Slow');
    expect(lines.find(({ check }) => check === 'entries')).toMatchObject({ state: 'passed' });
    expect(lines.find(({ check }) => check === 'entries')!.ms).toBeGreaterThanOrEqual(500);
  });

  it('refuses what is no public address before anything leaves, and what it does not know', async () => {
    for (const url of ['http://169.254.169.254/', 'http://10.0.0.1', 'nonsense', 'ftp://a.example']) {
      const refused = await begin(url);
      expect([refused.status, refused.body.type, refused.body.side]).toEqual([422, 'urn:lockstep:problem:url-not-allowed', 'yours']); // prettier-ignore
    }
    const unknown = await gateway.visitor<ProblemDocument>('GET', `/api/v1/preflights/${randomUUID()}`);
    expect([unknown.status, unknown.body.next]).toEqual([404, 'Check the address again.']);
  });

  it('keeps what was read while the filler is away, and blames nobody for it', async () => {
    const view = await read('Faithful');
    await lab.hosted.get('filler')!.close();
    const shown = await show(view.preflightId);
    expect(shown.lines.at(-1)).toMatchObject({ state: 'unknown', sentence: expect.stringMatching(/^Our side failed/) });
    expect((await write(view.preflightId)).status).toBe(503);
    await lab.host('filler');
    expect((await show(view.preflightId)).mayWrite).toBe(true);
  });
});
