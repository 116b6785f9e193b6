// Goal: one app under two names is written to once, nobody is blamed for somebody else's submission, and sharing an address costs nobody
// more than a turn. Method: as parts.int-spec.ts; an app is a set of rows, and names lead to it as the test says.
import { randomUUID } from 'node:crypto';
import { acknowledged, PartsLab } from './parts-lab.js';
import { VisitFailed } from '../src/clients/fill-driver.js';
import { AppSubmittedHandler } from '../src/handlers/app-submitted.handler.js';
import { FillRepository } from '../src/persistence/fill.repository.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

describe('names that lead to one address', () => {
  let server: TestDatabase;
  let lab: PartsLab;
  let count = 0;
  /** Which app a name leads to, and what each app holds. */
  let appOf: Record<string, string>;
  let rows: Map<string, string[]>;

  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    lab = await PartsLab.open(server, `places_${(count += 1)}`);
    appOf = {};
    rows = new Map();
    const of = (url: string) => {
      const name = new URL(url).host.split('.')[0]!;
      return appOf[name] ?? name;
    };
    lab.placesOf = (url) => [of(url) === 'baseline' ? '9.9.9.9' : '1.1.1.1'];
    lab.browser.onSend = lab.http.onSend = (payload, url) => {
      rows.set(of(url), [...(rows.get(of(url)) ?? []), JSON.stringify(payload)]);
      return acknowledged;
    };
    lab.look = (url, { payload }) => (rows.get(of(url))?.includes(JSON.stringify(payload)) ? 'shown' : 'absent');
  });
  afterEach(() => lab?.close());
  afterAll(() => server?.stop());

  const doubled = () => [...rows.values()].filter((held) => new Set(held).size < held.length);

  it('and to one app are filled once: the later one’s writes are skipped, with the reason', async () => {
    appOf = { alias: 'victim' };
    await lab.request(['victim', 'alias']);
    lab.start();
    await lab.untilClosed();
    expect(doubled()).toEqual([]);
    expect(await lab.saidOf('victim')).toMatchObject([{ outcome: 'filled', note: null }]);
    const [said] = await lab.saidOf('alias');
    expect(said).toMatchObject({ outcome: 'given-up', note: expect.stringContaining('the same app as http://victim') });
    expect(said!.writes.map(({ outcome }) => outcome)).toEqual(['skipped', 'skipped', 'skipped']);
  });

  it('and an app that goes under a pseudonym: earlier fills show no other name of it, and the names of others', async () => {
    const ids = new Map(['ada', 'grace'].map((name) => [name, randomUUID()]));
    const fillId = await lab.request(['ada', 'grace'], ids);
    const fills = new FillRepository();
    const shown = () =>
      lab.database.transaction(async (tx) => (await fills.view(tx, fillId))!.parts.map((part) => part.targetName));
    const submit = (name: string, isPseudonym: boolean) =>
      lab.database.transaction((tx) =>
        new AppSubmittedHandler(fills).handle({ data: { appId: ids.get('ada')!, name, isPseudonym } } as never, tx),
      );
    await submit('Ada L.', false);
    expect(await shown()).toEqual(['baseline', 'ada', 'grace']);
    await submit('fox', true);
    expect(await shown()).toEqual(['baseline', 'fox', 'grace']);
  });

  it('and to apps of their own are all filled, one after the other at first and then at once', async () => {
    const names = ['one', 'two', 'three'];
    const ids = new Map(['baseline', ...names].map((name) => [name, randomUUID()]));
    await lab.request(names, ids);
    lab.start();
    await lab.untilClosed();
    for (const name of names) expect(await lab.saidOf(name)).toMatchObject([{ outcome: 'filled' }]);
    await lab.request(names, ids);
    await lab.untilClosed();
    const waiting = await lab.database.query<{ waits: number }>(
      'select cardinality(waits_for) as waits from part join fill using (fill_id) order by number, ordinal',
    );
    expect(waiting.map(({ waits }) => waits)).toEqual([0, 0, 1, 2, 0, 0, 0, 0]);
    expect(doubled()).toEqual([]);
  });

  it('that come to an address later wait for those that are there, whoever joined first', async () => {
    const ids = new Map(['baseline', 'mover', 'settled'].map((name) => [name, randomUUID()]));
    const places: Record<string, string> = { mover: '5.5.5.5' };
    lab.placesOf = (url) => [places[new URL(url).host.split('.')[0]!] ?? '1.1.1.1'];
    await lab.request(['mover', 'settled'], ids);
    lab.start();
    await lab.untilClosed();
    appOf = { mover: 'settled' };
    places['mover'] = '1.1.1.1';
    await lab.request(['mover', 'settled'], ids);
    await lab.untilClosed();
    expect(doubled()).toEqual([]);
    expect((await lab.saidOf('settled')).map(({ outcome }) => outcome)).toEqual(['filled', 'filled']);
    expect((await lab.saidOf('mover')).map(({ outcome }) => outcome)).toEqual(['filled', 'given-up']);
  });

  it('are not settled by an app that was away: next time they are told apart again', async () => {
    const ids = new Map(['baseline', 'victim', 'alias'].map((name) => [name, randomUUID()]));
    appOf = { alias: 'victim' };
    let isAway = true;
    lab.http.onOpen = (url) => {
      if (isAway && url.includes('victim')) throw new VisitFailed('yours', false, 'Nothing listens on this port.');
    };
    await lab.request(['victim', 'alias'], ids);
    lab.start();
    await lab.untilClosed();
    isAway = false;
    await lab.request(['victim', 'alias'], ids);
    await lab.untilClosed();
    expect((await lab.saidOf('alias')).map(({ outcome }) => outcome)).toEqual(['filled', 'given-up']);
    expect((await lab.saidOf('victim')).map(({ outcome }) => outcome)).toEqual(['given-up', 'filled']);
    expect(doubled()).toEqual([]);
  });

  it('and do not show what they hold are skipped rather than written to twice', async () => {
    lab.look = () => 'no-answer';
    await lab.request(['one', 'two']);
    lab.start();
    await lab.untilClosed();
    expect(await lab.saidOf('one')).toMatchObject([{ outcome: 'filled' }]);
    expect(await lab.saidOf('two')).toMatchObject([
      { outcome: 'given-up', note: expect.stringContaining('did not show') },
    ]);
  });
});
