import { randomBytes, randomUUID } from 'node:crypto';
import { schema } from '../src/bootstrap.js';
import { opened } from '../src/domain/kept-ledger.js';
import { AppRepository } from '../src/persistence/app.repository.js';
import { CanaryRepository } from '../src/persistence/canary.repository.js';
import { ComparisonRepository } from '../src/persistence/comparison.repository.js';
import { EvidenceRepository } from '../src/persistence/evidence.repository.js';
import { FillRepository } from '../src/persistence/fill.repository.js';
import { LedgerRepository } from '../src/persistence/ledger.repository.js';
import type { WriteOutcome } from '#libs/contracts/src/filler.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';
import type { Database } from '#libs/platform/src/database.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

// Goal: what is carried into a look is right for every app, however many ask at the same moment and whatever lies between.
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

describe('the ledger of a look', () => {
  let server: TestDatabase;
  let database: Database;
  const [apps, fills, ledger] = [new AppRepository(), new FillRepository(), new LedgerRepository(new CanaryRepository())]; // prettier-ignore

  beforeAll(async () => {
    server = await TestDatabase.start();
    database = await server.open('comparator', schema.migrations);
  });
  afterAll(() => server?.stop());

  const joined = async (): Promise<string> => {
    const appId = randomUUID();
    await database.transaction((tx) => apps.join(tx, { appId, name: 'app', url: 'http://a.example', joinedAt: at(0) }, new Date(at(0)))); // prettier-ignore
    return appId;
  };
  /** So many entries of an app, all of which ended like this; markers go on from `first`. */
  const wrote = (appId: string, number: number, { first, count, outcome }: { first: number; count: number; outcome: WriteOutcome }) =>
    database.transaction(async (tx) => {
      const targets = [{ targetId: randomUUID(), role: 'baseline', name: 'baseline', url: 'http://b.example' }];
      await fills.open(tx, { fillId: randomUUID(), number, iterations: 1, requestedAt: at(number), targets } as never);
      const writes = Array.from({ length: count }, (_, index) => {
        const marker = markerOfNumber((first + index) * 7_919);
        const payload = { kind: 'entry', text: `${marker} a walk` };
        return { ...{ writeId: randomUUID(), index, status: 200, reason: null, sentAt: at(number), answeredAt: at(number) }, marker, payload, outcome }; // prettier-ignore
      });
      await ledger.addWrites(tx, { targetId: appId, number, writes } as never);
      await fills.close(tx, { fillId: randomUUID(), number, closedAt: at(number) } as never);
    }); // prettier-ignore
  const entriesOf = async (...appIds: string[]) => {
    const all = await database.transaction((tx) => Promise.all(appIds.map((appId) => ledger.ledgers(tx, { appId, joinedAt: at(0) }, { closedFill: 9, history: 'since-join' })))); // prettier-ignore
    const opens = all.map(({ entry }) => opened('entry', entry));
    return opens.map(({ acknowledged, obligations, others }) => [acknowledged, obligations.length, others.length, obligations[0]?.fill]); // prettier-ignore
  };

  it('holds the newest that oblige and those beside them, though many more were refused since', async () => {
    const [few, refused, many] = [await joined(), await joined(), await joined()];
    await wrote(few, 1, { first: 0, count: 3, outcome: 'acknowledged' });
    await wrote(refused, 1, { first: 0, count: 3, outcome: 'acknowledged' });
    await wrote(refused, 2, { first: 100, count: 900, outcome: 'refused' });
    await wrote(many, 1, { first: 0, count: 500, outcome: 'acknowledged' });
    await wrote(many, 2, { first: 600, count: 350, outcome: 'unknown' });
    const expected = [[3, 3, 0, 1], [3, 3, 400, 1], [500, 400, 350, 1]]; // prettier-ignore
    expect(await entriesOf(few, refused, many)).toEqual(expected);
    for (const [n, app] of [few, refused, many].entries()) expect(await entriesOf(app)).toEqual([expected[n]]);
  });

  it('is kept with the bodies of several looks at once, small and large, each with its own', async () => {
    const evidence = new EvidenceRepository();
    const packed = [randomBytes(5_000), randomBytes(200_000), randomBytes(7_000)];
    const appIds = [await joined(), await joined(), await joined()];
    await database.transaction(async (tx) => {
      const head = { batchId: randomUUID(), by: 'staff', trigger: 'staff' } as const;
      const opened = await new ComparisonRepository().addBatch(tx, head, appIds.map((appId) => ({ appId, comparisonId: randomUUID() }))); // prettier-ignore
      const of = (appId: string) => opened.find((one) => one.appId === appId)!.comparisonId;
      await Promise.all(appIds.map((appId, n) => evidence.keep(tx, { comparisonId: of(appId), appId, isDifferent: false, packed: packed[n]! }))); // prettier-ignore
    });
    const rows = await database.query<{ appId: string; packed: Buffer }>('select app_id as "appId", packed from evidence'); // prettier-ignore
    for (const [n, appId] of appIds.entries()) expect(rows.find((row) => row.appId === appId)!.packed.equals(packed[n]!)).toBe(true); // prettier-ignore
  });

  it('tells times to the millisecond, as they were said', async () => {
    const app = await joined();
    await wrote(app, 3, { first: 5_000, count: 1, outcome: 'acknowledged' });
    const { entry } = await database.transaction((tx) => ledger.ledgers(tx, { appId: app, joinedAt: at(0) }, { closedFill: 9, history: 'since-join' })); // prettier-ignore
    expect(opened('entry', entry).obligations).toEqual([{ marker: markerOfNumber(5_000 * 7_919), payload: { kind: 'entry', text: expect.any(String) }, fill: 3, index: 0, acknowledgedAt: at(3), sentAt: at(3) }]); // prettier-ignore
  });
});
