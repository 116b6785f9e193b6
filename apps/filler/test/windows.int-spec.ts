import { createHash, randomUUID } from 'node:crypto';
import 'reflect-metadata';
import type { ProbeAnswer, Prober } from '../src/clients/prober.js';
import { ProbeWindowDeclaredHandler } from '../src/handlers/probe-window-declared.handler.js';
import { sendLog } from '../src/persistence/migrations/0101-send-log.js';
import { probeWindows } from '../src/persistence/migrations/0107-probe-windows.js';
import { WindowRepository, type KnownWindow } from '../src/persistence/window.repository.js';
import { WindowClosing } from '../src/window-closing.js';
import { WindowsController } from '../src/windows.controller.js';
import { ProbeWindowWorker } from '../src/workers/probe-window.worker.js';
import { Outbox } from '#libs/messaging/src/outbox.js';
import { WorkQueue } from '#libs/messaging/src/work-queue.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import type { Database } from '#libs/platform/src/database.js';
import type { Tx } from '#libs/platform/src/transaction.js';
import { verifyEvidence } from '#libs/proof/src/evidence.js';
import { samplesOf } from '#libs/proof/src/record.js';
import { until } from '#libs/testing/src/settle.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

// Goal: what happens to us while we watch is never the app's downtime, and nothing is asked twice.
// Method: the real worker and a real database; the app answers at once, always. Windows of two seconds, and one after them.
const seconds = 2;
const ok: ProbeAnswer = { outcome: 'ok', status: 200, code: null };

describe('a window, when our side fails', () => {
  let server: TestDatabase;
  let database: Database;
  const windows = new WindowRepository();
  const worker = (prober: Prober) =>
    new ProbeWindowWorker(windows, prober, new WindowClosing(windows, new Outbox('filler', () => undefined)));

  beforeAll(async () => {
    server = await TestDatabase.start();
    database = await server.open('windows', [sendLog, probeWindows]);
  });
  afterAll(() => server?.stop());

  /** An app without fault, that remembers what it was sent. */
  function app() {
    const texts: string[] = [];
    let reads = 0;
    const prober: Pick<Prober, 'read' | 'write' | 'list'> = {
      read: async () => ((reads += 1), ok),
      write: async (_url, text) => (texts.push(text), ok),
      list: async () => ({ ...ok, list: texts.map((text) => JSON.stringify({ text })).join() }),
    };
    return { prober: prober as Prober, texts, reads: () => reads };
  }

  async function declare(): Promise<{ windowId: string; appId: string }> {
    const [windowId, appId] = [randomUUID(), randomUUID()];
    const declared = { declaredBy: 'test', declaredAt: new Date().toISOString(), seconds };
    const data = { windowId, appId, appName: 'Ada', url: 'http://ada.example.org', ...declared };
    const handler = new ProbeWindowDeclaredHandler(windows, new WorkQueue());
    await database.transaction((tx) => handler.handle({ data } as never, tx));
    return { windowId, appId };
  }

  /** A claim of one process; `mayWrite` throws when its database is away, `abort` is its death. */
  function claimOf(subject: string, mayWrite: () => void = () => undefined) {
    const death = new AbortController();
    const transaction = async <T>(run: (tx: Tx) => Promise<T>): Promise<T> => {
      if (death.signal.aborted) throw new Error('dead');
      mayWrite();
      return database.transaction(run);
    };
    return { claim: { subject, attempt: 1, signal: death.signal, transaction } as Claim, die: () => death.abort() };
  }

  const find = (windowId: string) => database.transaction(async (tx) => (await windows.find(tx, windowId))!);
  const opened = async (windowId: string): Promise<number> => {
    await until(async () => (await find(windowId)).opensAt !== null, 5_000);
    return Date.parse((await find(windowId)).opensAt!);
  };
  const passed = (time: number) => until(async () => Date.now() >= time, 10_000);
  async function closed(prober: Prober, windowId: string): Promise<Required<KnownWindow>> {
    const { claim } = claimOf(windowId);
    await database.transaction((tx) => worker(prober).record(claim, null, tx));
    return find(windowId);
  }
  const records = (window: KnownWindow) => database.transaction((tx) => windows.records(tx, window));

  it('and a process dies, is gone on with by the next: the gap is ours, and no write is sent twice', async () => {
    const { prober, texts } = app();
    const { windowId } = await declare();
    const first = claimOf(windowId);
    const dying = worker(prober).act(first.claim);
    const died = expect(dying).rejects.toThrow();
    await passed((await opened(windowId)) + 700);
    first.die();
    await died;
    await passed((await opened(windowId)) + 1_750);
    await worker(prober).act(claimOf(windowId).claim);
    const window = await closed(prober, windowId);
    const { verdict, reasons, figures } = window.proof!;
    expect([verdict, figures.classes.read.downtimeMs, figures.classes.write.downtimeMs]).toEqual(['not-proven', 0, 0]);
    expect(reasons).toContainEqual(expect.stringMatching(/We did not see [\d,]+ ms of it: a gap on our side/));
    expect(figures.longestGapMs).toBeLessThan(1_000);
    const all = await records(window);
    expect(all.filter(({ kind }) => kind === 'begun').length).toBeGreaterThan(0);
    const ticks = samplesOf(all, 'write').map(({ n }) => n);
    expect([new Set(ticks).size, new Set(texts).size]).toEqual([ticks.length, texts.length]);
  });

  it('and the database is away for a while, is watched all the same: what was seen is kept when it is back', async () => {
    const { prober } = app();
    const { windowId } = await declare();
    let isAway = false;
    const { claim } = claimOf(windowId, () => {
      if (isAway) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    });
    const watching = worker(prober).act(claim);
    const opensMs = await opened(windowId);
    isAway = true;
    await passed(opensMs + 3_200);
    isAway = false;
    await watching;
    const { figures } = (await closed(prober, windowId)).proof!;
    expect(figures.longestBlindMs).toBeLessThan(2_000);
    expect(figures.writes).toMatchObject({ acknowledged: 2, shown: 2, lost: [] });
  });

  it('and the app leaves, asks it for nothing more', async () => {
    const { prober, reads } = app();
    const { windowId, appId } = await declare();
    const watching = worker(prober).act(claimOf(windowId).claim);
    await passed((await opened(windowId)) + 300);
    await database.transaction((tx) => windows.stopOf(tx, appId));
    await watching;
    expect(reads()).toBeLessThan(12);
    expect((await closed(prober, windowId)).proof!.verdict).toBe('not-proven');
  });

  it('and nobody probes at all, proves nothing; its evidence verifies all the same', async () => {
    const { prober } = app();
    const { windowId } = await declare();
    const window = await closed(prober, windowId);
    expect(window.proof).toMatchObject({ verdict: 'not-proven', figures: { blindMs: 2_000 } });
    const controller = new WindowsController(windows);
    const evidence = () => database.transaction((tx) => controller.evidence({ windowId, offset: 0 }, tx));
    const { text, next } = await evidence();
    const sha256 = (some: string) => createHash('sha256').update(some).digest('hex');
    expect([next, verifyEvidence(text, sha256, window.head!)]).toMatchObject([null, { isValid: true }]);
    const views = await database.transaction(async (tx) => ({
      ...(await controller.show({ windowId }, tx)),
      ...(await controller.list({ appId: window.appId, limit: 20 }, tx)),
    }));
    expect(views).toMatchObject({ window: { state: 'closed', head: window.head }, windows: [{ windowId }] });
  });
});
