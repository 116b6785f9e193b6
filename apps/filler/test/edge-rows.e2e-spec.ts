// Goal: what is sent is what comes back, of every edge row, whichever driver sends it: a faithful app is never blamed for one.
// Method: two real journals; one is filled through its page in real Chromium, the other over HTTP; their lists against what was sent.
import { drive, type Driving } from './site.js';
import { HttpDriver } from '../src/clients/http-driver.js';
import { MarkerReader } from '../src/clients/marker-reader.js';
import type { FillDriver } from '../src/clients/fill-driver.js';
import { WriteSender } from '../src/clients/write-sender.js';
import { writesOf } from '../src/domain/fill-script.js';
import { edgeKind, type EdgeKind } from '#libs/contracts/src/filler.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { hostApp, type HostedApp } from '#libs/local/src/service-host.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

/** Each text of each kind once, as the first fills of some installation have them. */
function edgeRows() {
  const fills = Array.from({ length: 30 }, (_, i) =>
    writesOf({ seed: `seed ${i}`, installation: 'here', number: i + 1, mode: 'all', iterations: 8 }),
  );
  const byText = new Map(
    fills.flat().flatMap((write) => {
      const { payload } = write;
      if (!payload.edge) return [];
      const said = payload.kind === 'entry' ? payload.text : payload.kind === 'mood' ? payload.note : '';
      return [[`${payload.kind} ${payload.edge} ${said.slice(write.marker.length)}`, write]];
    }),
  );
  return [...byText.values()].slice(0, 90);
}

describe('an edge row', () => {
  const rows = edgeRows();
  const journals: HostedApp[] = [];
  let database: TestDatabase;
  let driving: Driving;
  let client: EgressClient;

  beforeAll(async () => {
    database = await TestDatabase.start();
    for (const name of ['by_browser', 'by_http']) {
      const databaseUrl = await database.postgres.ensureDatabase(name, { password: 'test' });
      journals.push(await hostApp('journal', { databaseUrl, port: 0, title: name, logLevel: 'silent' }));
    }
    driving = drive(journals);
    client = new EgressClient({ policy: new EgressPolicy({ allow: journals.map(({ port }) => `127.0.0.1:${port}`) }) });
  });
  afterAll(async () => {
    await driving?.close();
    await client?.close();
    for (const journal of journals) await journal.close();
    await database?.stop();
  });

  const fill = async (driver: FillDriver, url: string) => {
    const session = await driver.open(url, AbortSignal.timeout(60_000));
    for (const { payload } of rows)
      expect([payload, await session.send(payload, AbortSignal.timeout(30_000))]).toEqual([
        payload,
        { outcome: 'acknowledged', status: 200, reason: null },
      ]);
    await session.close();
  };
  const list = async <Row>(url: string, path: string): Promise<Row[]> =>
    ((await (await fetch(`${url}${path}`)).json()) as { rows: Row[] }).rows;

  it('is of every kind, some of them in entries and moods both', () => {
    const kinds = (write: string) =>
      rows.filter(({ payload }) => payload.kind === write).map(({ payload }) => payload.edge);
    const all = new Set<EdgeKind | undefined>(rows.map(({ payload }) => payload.edge));
    expect(all).toEqual(new Set(edgeKind.options));
    expect(kinds('entry')).toEqual(expect.arrayContaining(['emoji', 'longest-entry']));
    expect(kinds('mood')).toEqual(expect.arrayContaining(['emoji', 'longest-note', 'empty-note']));
  });

  it.each([
    ['the browser', () => driving.driver, 0],
    ['HTTP', () => new HttpDriver(new WriteSender(client)), 1],
  ] as const)('comes back as it was sent, character by character, over %s', async (_name, driver, index) => {
    const { url } = journals[index]!;
    await fill(driver(), url);
    const shown = {
      entry: (await list<{ text: string }>(url, '/api/journal/entries/all?limit=200')).map(({ text }) => text),
      mood: (await list<{ note: string }>(url, '/api/moods/all?limit=100')).map(({ note }) => note),
      value: (await list<{ number: number }>(url, '/api/server/values/all')).map(({ number }) => number),
    };
    const sent = rows.map(({ payload }) => payload);
    const newestFirst = sent.toReversed();
    expect(shown.entry).toEqual(newestFirst.flatMap((one) => (one.kind === 'entry' ? one.text : [])));
    expect(shown.mood).toEqual(newestFirst.flatMap((one) => (one.kind === 'mood' ? one.note : [])));
    expect(shown.value).toEqual(sent.flatMap((one) => (one.kind === 'value' ? one.value : [])));
    const sightings = await new MarkerReader(client).look(url, rows, AbortSignal.timeout(30_000));
    expect(new Set(sightings)).toEqual(new Set(['shown']));
  });
});
