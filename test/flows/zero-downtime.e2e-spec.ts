import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FaultyStudent } from '#apps/faulty-student/src/bootstrap.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { BoardView, SubmittedApp } from '#libs/contracts/src/gateway.js';
import type { LogLine } from '#libs/contracts/src/leaderboard.js';
import type { DeclareWindow, ProbeWindow } from '#libs/contracts/src/windows.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: two apps are watched while they "move"; one is not down, the other's port is closed for a known time.
// Method: real services and apps. The windows are shorter than people may ask for, so they are declared on the bus.
const seconds = 12;
const outageMs = 2_000;

describe('a declared window', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;
  let nats: NatsConnection;
  let dir: string;
  const closed = new Map<string, ProbeWindow>();
  const claimed = new Map<string, SubmittedApp>();

  const declare = async (name: string, ownerToken?: string) => {
    const data = { appId: claimed.get(name)!.appId, seconds, by: 'test', ...(ownerToken ? { ownerToken } : {}) };
    const reply = await nats.request(subject.ask('submission', 'DeclareWindow'), JSON.stringify(data));
    return reply.json<Answer>();
  };
  const begin = async (name: string) => {
    const answer = await declare(name);
    if ('problem' in answer) throw new Error(answer.problem.detail);
    return (answer.ok as ReplyOf<typeof DeclareWindow>).windowId;
  };
  const window = async (windowId: string) =>
    (await gateway.visitor<ProbeWindow>('GET', `/api/v1/windows/${windowId}`)).body;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'lockstep-evidence-'));
    const env = { PORT: '0', FILL_DRIVER: 'http', FILL_INTERVAL_SECONDS: '86400', COMPARE_INTERVAL_SECONDS: '86400' };
    lab = await Lab.start({ env });
    const away = [{ name: 'refuse-connections', afterRequests: 0, forMs: outageMs }];
    apps = await ClassOfApps.start(lab, { Faithful: [], Away: away }, [
      ...(['gateway', 'submission', 'filler', 'leaderboard'] as const),
    ]);
    gateway = await GatewayClient.of(lab);
    nats = await lab.connectAs('gateway');
    const student = apps.students.get('Away') as unknown as FaultyStudent;
    await student.switchFault('refuse-connections', false);
    for (const [name, { url }] of apps.students)
      claimed.set(name, (await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', { name, url })).body);
    const ids = [await begin('Faithful'), await begin('Away')] as const;
    await until(async () => (await window(ids[1])).atMs > 3_000, 10_000);
    await student.switchFault('refuse-connections', true);
    await until(async () => (await Promise.all(ids.map(window))).every(({ state }) => state === 'closed'), 40_000);
    for (const id of ids) closed.set((await window(id)).appName, await window(id));
  });
  afterAll(async () => {
    await nats?.close();
    await lab?.stop();
    await apps?.stop();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  it('proves that an app was not down, and that every write it acknowledged is there', () => {
    const { verdict, reasons, figures } = closed.get('Faithful')!;
    expect([verdict, reasons]).toEqual([
      'proven',
      [expect.stringMatching(/reads answered, \d+ writes acknowledged and all shown/)],
    ]);
    expect(figures.writes.shown).toBe(figures.writes.acknowledged);
    expect(figures.classes.read.downtimeMs).toBe(0);
  });

  it('measures an outage within one probe interval of the true one, and says when', () => {
    const { verdict, figures, reasons, readEveryMs, writeEveryMs } = closed.get('Away')!;
    const { read, write } = figures.classes;
    expect([verdict, read.outages.length]).toEqual(['violated', 1]);
    expect(Math.abs(read.downtimeMs - outageMs)).toBeLessThanOrEqual(readEveryMs);
    expect(Math.abs(write.downtimeMs - outageMs)).toBeLessThanOrEqual(writeEveryMs);
    expect(read.outages[0]).toMatchObject({ why: 'connect-refused', isOpen: false });
    expect(reasons[0]).toMatch(/^Down for reads for [\d,]+ ms, from [\d,]+ ms to [\d,]+ ms after the begin/);
    expect(figures.writes.lost).toEqual([]);
  });

  it('shows the outage in its strip, and the verdict in the log of the board', async () => {
    expect(closed.get('Away')!.strip).toContain('down');
    expect(closed.get('Faithful')!.strip).not.toContain('down');
    await until(async () => (await log()).some(({ text }) => text.startsWith('[Away] Zero downtime violated.')), 5_000);
  });
  const log = async () => (await gateway.visitor<{ lines: LogLine[] }>('GET', '/api/v1/board/log')).body.lines;

  it('shows on the board how long each was down, by the window that measured it', async () => {
    const rows = async () => (await gateway.visitor<BoardView>('GET', '/api/v1/board')).body.rows;
    await until(async () => (await rows()).every(({ downtime }) => downtime !== null));
    const shown = Object.fromEntries((await rows()).map(({ name, downtime }) => [name, downtime]));
    const by = (name: string) => {
      const { windowId, declaredAt: at, figures } = closed.get(name)!;
      return { windowId, at, ms: Math.max(figures.classes.read.downtimeMs, figures.classes.write.downtimeMs) };
    };
    expect(shown['Faithful']).toEqual({ ...by('Faithful'), verdict: 'proven' });
    expect(shown['Away']).toEqual({ ...by('Away'), verdict: 'violated' });
  });

  it('leaves a file that verifies with nothing running, and does not when a value in it is changed', async () => {
    const { windowId, head } = closed.get('Away')!;
    const { body, headers } = await download(`/api/v1/windows/${windowId}/evidence`);
    expect(headers.get('content-disposition')).toContain(`lockstep-evidence-${windowId}.json`);
    expect(verify(body, head!)).toMatchObject({
      code: 0,
      said: { isValid: true, proof: { verdict: 'violated' }, head },
    });
    const kinder = body.replace('"code":"connect-refused"', '"code":"connect-xefused"');
    expect(verify(kinder, head!)).toMatchObject({ code: 1, said: { isValid: false } });
  });
  const download = async (path: string) => {
    const response = await fetch(`${gateway.url}${path}`);
    return { body: await response.text(), headers: response.headers };
  };
  const verify = (text: string, head: string) => {
    const file = join(dir, 'evidence.json');
    writeFileSync(file, text);
    const command = ['dist/apps/cli/src/main.js', 'verify-evidence', file, '--head', head, '--json'];
    try {
      return { code: 0, said: JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as unknown };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, said: JSON.parse(stdout) as unknown };
    }
  };

  it('is for its owner and staff, and one at a time', async () => {
    const post = (body: object, headers: Record<string, string> = {}) =>
      gateway.visitor('POST', `/api/v1/apps/${claimed.get('Faithful')!.appId}/windows`, body, headers);
    expect((await post({ seconds: 60 })).status).toBe(403);
    expect((await post({ seconds: 60 }, { 'x-claim-code': 'wrong' })).status).toBe(403);
    const own = { 'x-claim-code': claimed.get('Faithful')!.claimCode! };
    expect((await post({ seconds: 5 }, own)).status).toBe(400);
    const endAfter = (interval: string) =>
      lab.query('submission', `update probe_window set ends_at = now() + $1::interval`, [interval]);
    await endAfter('1 minute');
    expect((await post({ seconds: 60 }, own)).status).toBe(409);
    await endAfter('-1 second');
    expect((await post({ seconds: 60 }, own)).status).toBe(202);
  });
});
