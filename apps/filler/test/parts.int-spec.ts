// Goal: every part ends with an outcome for each write, none is sent twice, nobody is blamed for us, and every fill closes.
// Method: the service's own workers on a real Postgres; drivers, readings and DNS that misbehave as the test says.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { acknowledged, PartsLab, unknown } from './parts-lab.js';
import { VisitFailed } from '../src/clients/fill-driver.js';
import { later } from '../src/in-time.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

describe('the parts of a fill', () => {
  let server: TestDatabase;
  let lab: PartsLab;
  let count = 0;
  const open = async (setting: 'http' | 'browser' | 'auto' = 'http') =>
    (lab = await PartsLab.open(server, `parts_${(count += 1)}`, setting));

  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  afterEach(() => lab?.close());
  afterAll(() => server?.stop());

  it('are filled, the baseline by the browser, and the fill is closed with the last of them', async () => {
    await open();
    await lab.request(['one', 'two']);
    lab.start();
    await lab.untilClosed();
    expect(
      (await lab.said()).map(({ targetName, driver, outcome }) => [targetName, driver, outcome]).toSorted(),
    ).toEqual([
      ['baseline', 'browser', 'filled'],
      ['one', 'http', 'filled'],
      ['two', 'http', 'filled'],
    ]);
    // The baseline has two canaries more than everybody.
    expect([lab.browser.sent.length, lab.http.sent.length]).toEqual([5, 6]);
    expect(await lab.work()).toEqual([]);
  });

  it('are found in the traces by the app that they are about', async () => {
    const exporter = new InMemorySpanExporter();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    await open();
    await lab.request(['one']);
    lab.start();
    await lab.untilClosed();
    await lab.close();
    [trace, context].forEach((api) => api.disable());
    const [said] = await lab.saidOf('one');
    const spans = exporter.getFinishedSpans().filter(({ name }) => /^work fill-(http|browser)$/.test(name));
    expect(
      spans.map(({ attributes }) => [attributes['lockstep.target.role'], attributes['lockstep.app.id']]).toSorted(),
    ).toEqual([
      ['app', said!.targetId],
      ['baseline', undefined],
    ]);
  });

  it('end whatever an app says of itself: a reason of any length, with anything in it, can be told', async () => {
    await open();
    lab.http.onSend = () => ({ outcome: 'refused', status: 400, reason: `no\0 ${'🙂'.repeat(5_000)}` });
    lab.browser.onOpen = () => {
      throw new VisitFailed('yours', false, 'x'.repeat(5_000));
    };
    await lab.request(['one']);
    lab.start();
    await lab.untilClosed();
    for (const { note, writes, outcome } of await lab.said()) {
      expect([outcome, note!.length <= 300, writes[0]!.reason!.length <= 300]).toEqual(['given-up', true, true]);
      expect(writes.filter(({ canary }) => !canary).map(({ outcome: end }) => end)).toEqual([
        'refused',
        'refused',
        'refused',
      ]);
    }
  });

  it('are not tried for ever because an app’s words sound like trouble with the database', async () => {
    await open();
    let opened = 0;
    lab.http.onOpen = () => void (opened += 1);
    lab.http.onSend = () => ({ outcome: 'not-sent', status: null, reason: 'connection terminated' });
    await lab.request(['eve']);
    lab.start();
    await lab.untilClosed();
    expect([opened, await lab.statesOf('eve')]).toEqual([4, ['skipped', 'skipped', 'skipped']]);
    expect((await lab.saidOf('eve'))[0]!.note).toBe('connection terminated');
    expect((await lab.rows()).at(-1)!.reason).toBe('Our side failed: A write could not be sent; nothing of it left.');
  });

  it('that hang are taken from whoever has them some time after the deadline, and end once', async () => {
    await open();
    const [reached, never] = [later(), later()];
    lab.http.onSend = () => (reached.resolve(), never.promise.then(() => acknowledged));
    await lab.request(['hanging']);
    lab.start();
    await reached.promise;
    await lab.reachDeadline(false);
    await lab.until(async () => (await lab.saidOf('baseline')).length === 1);
    expect(await lab.saidOf('hanging')).toEqual([]);
    await lab.reachDeadline(true);
    await lab.untilClosed();
    expect(await lab.saidOf('hanging')).toMatchObject([
      { outcome: 'given-up', note: 'It took too long and was ended.' },
    ]);
    expect(await lab.statesOf('hanging')).toEqual(['unknown', 'skipped', 'skipped']);
    never.resolve();
    await lab.close();
    expect([await lab.statesOf('hanging'), (await lab.said()).length]).toEqual([['unknown', 'skipped', 'skipped'], 2]);
  });

  it('that nobody got to are given up at the deadline', async () => {
    await open();
    await lab.request(['late']);
    await lab.reachDeadline(false);
    lab.placesOf = () => {
      throw new Error('no DNS');
    };
    lab.start();
    await lab.until(async () => (await lab.said()).length === 2);
    for (const { note, outcome } of await lab.said())
      expect([outcome, note]).toEqual(['given-up', 'Our side did not get to it in time.']);
  });

  it('that are interrupted by a stop end the write that is under way, and go on with the next in another process', async () => {
    await open();
    const [reached, letGo] = [later(), later()];
    lab.http.onSend = async () => {
      reached.resolve();
      await letGo.promise;
      return acknowledged;
    };
    await lab.request(['one']);
    const instance = lab.start();
    await reached.promise;
    const stopped = instance.stop();
    letGo.resolve();
    await stopped;
    expect(await lab.statesOf('one')).toEqual(['acknowledged', 'planned', 'planned']);
    expect((await lab.work()).map(({ attempts, leased }) => [attempts, leased])).toContainEqual([0, false]);
    lab.start();
    await lab.untilClosed();
    expect(await lab.statesOf('one')).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect(lab.http.sent).toHaveLength(3);
  });

  it('without a page go over HTTP, apps only, and the log names who sent', async () => {
    await open('auto');
    lab.browser.onOpen = () => {
      throw new VisitFailed('yours', true, 'The page answered 404.');
    };
    await lab.request(['api only']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.saidOf('api only')).toMatchObject([{ driver: 'http', outcome: 'filled' }]);
    expect(await lab.saidOf('baseline')).toMatchObject([{ driver: 'browser', outcome: 'given-up' }]);
    expect(lab.http.sent.every(({ url }) => url.includes('api only') || url.includes('api%20only'))).toBe(true);
  });

  it('whose browser breaks in the middle go on over HTTP with what was not sent', async () => {
    await open('auto');
    let sends = 0;
    lab.browser.onSend = (_payload, url) => {
      if (url.includes('baseline') || (sends += 1) === 1) return acknowledged;
      return { outcome: 'not-sent', status: null, reason: 'The page no longer shows its form.' };
    };
    await lab.request(['one']);
    lab.start();
    await lab.untilClosed();
    const rows = (await lab.rows()).filter(({ name }) => name === 'one');
    expect(rows.map(({ driver, state }) => [driver, state])).toEqual([
      ['browser', 'acknowledged'],
      ['http', 'acknowledged'],
      ['http', 'acknowledged'],
    ]);
    expect(await lab.saidOf('one')).toMatchObject([{ driver: 'http', outcome: 'filled' }]);
  });

  it('of an app that cannot be reached are refused, not tried again', async () => {
    await open('auto');
    lab.browser.onOpen = (url) => {
      if (!url.includes('baseline')) throw new VisitFailed('yours', false, 'Nothing listens on this port.');
    };
    await lab.request(['dead']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.saidOf('dead')).toMatchObject([{ outcome: 'given-up', note: 'Nothing listens on this port.' }]);
    expect([await lab.statesOf('dead'), lab.http.sent.length]).toEqual([['refused', 'refused', 'refused'], 0]);
  });
});

describe('a write whose outcome nobody saw', () => {
  let server: TestDatabase;
  let lab: PartsLab;
  let count = 0;
  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    lab = await PartsLab.open(server, `unseen_${(count += 1)}`);
    lab.http.onSend = () => unknown;
  });
  afterEach(() => lab?.close());
  afterAll(() => server?.stop());

  it('is looked for again, and acknowledged when its row shows late', async () => {
    let looks = 0;
    lab.look = () => ((looks += 1) > 3 ? 'shown' : 'absent');
    await lab.request(['late']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.statesOf('late')).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect([looks, lab.http.sent.length]).toEqual([6, 3]);
  });

  it('stays unknown when its row is not there at the second look either, and is not sent again', async () => {
    await lab.request(['never']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.saidOf('never')).toMatchObject([{ outcome: 'given-up', note: 'It answered 503.' }]);
    expect([await lab.statesOf('never'), lab.http.sent.length]).toEqual([['unknown', 'unknown', 'unknown'], 3]);
  });

  it('is not called absent because our side could not look', async () => {
    let looks = 0;
    lab.look = () => ((looks += 1) > 6 ? 'shown' : 'not-asked');
    await lab.request(['one']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.statesOf('one')).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  it('is looked for until whoever may still be sending it has ended', async () => {
    let looks = 0;
    lab.look = () => ((looks += 1), 'absent');
    await lab.request(['taken over']);
    await lab.database.query(`update write_log set state = 'sent', sent_at = clock_timestamp() where index = 0`);
    lab.start();
    await lab.until(() => looks > 10);
    expect((await lab.statesOf('taken over'))[0]).toBe('sent');
    await lab.letTimePass();
    await lab.untilClosed();
    expect(await lab.statesOf('taken over')).toEqual(['unknown', 'unknown', 'unknown']);
    expect(lab.http.sent).toHaveLength(2);
  });

  it('is looked for also when the rest of its part is given up', async () => {
    lab.http.onSend = ({ kind }) => (kind === 'entry' ? unknown : { ...unknown, outcome: 'not-sent', status: null });
    lab.look = () => (lab.http.sent.length > 4 ? 'shown' : 'absent');
    await lab.request(['one']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.statesOf('one')).toEqual(['acknowledged', 'skipped', 'skipped']);
  });
});
