import { randomUUID } from 'node:crypto';
import { schema } from '../src/bootstrap.js';
import { AppRepository } from '../src/persistence/app.repository.js';
import { CanaryRepository } from '../src/persistence/canary.repository.js';
import { FillRepository } from '../src/persistence/fill.repository.js';
import { LedgerRepository } from '../src/persistence/ledger.repository.js';
import { TargetFilledHandler } from '../src/handlers/target-filled.handler.js';
import type { FillWrite, WriteOutcome } from '#libs/contracts/src/filler.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';
import type { Database } from '#libs/platform/src/database.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

// Goal: only those canaries are looked for in an app that it cannot have by its own strength; and they oblige nobody.
const baselineId = randomUUID();
const appId = randomUUID();
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();

describe('the canaries that tell something about an app', () => {
  let server: TestDatabase;
  let database: Database;
  const repository = new CanaryRepository();
  const [apps, fills, ledger] = [new AppRepository(), new FillRepository(), new LedgerRepository(repository)];
  const handler = new TargetFilledHandler(ledger, repository);

  beforeAll(async () => {
    server = await TestDatabase.start();
    database = await server.open('comparator', schema.migrations);
  });
  beforeEach(async () => {
    for (const table of ['ledger_write', 'canary', 'fill', 'app_move', 'app'])
      await database.query(`delete from ${table}`);
  });
  afterAll(() => server?.stop());

  const write = (n: number, outcome: WriteOutcome = 'acknowledged', canary?: true): FillWrite => {
    const marker = markerOfNumber(n * 7_919);
    const times = { sentAt: at(n), answeredAt: at(n) };
    const about = { writeId: randomUUID(), index: 0, status: 200, reason: null, ...times };
    return {
      ...about,
      marker,
      payload: { kind: 'entry', text: `${marker} a walk` },
      outcome,
      ...(canary ? { canary } : {}),
    };
  };
  const joined = (minute: number, url = 'http://a.example') =>
    database.transaction((tx) =>
      apps.join(tx, { appId, name: 'app', url, joinedAt: at(minute) }, new Date(at(minute))),
    );
  /** Asked for at its number's minute: the baseline gets a canary, and the app a write that ends like this. */
  const fill = (number: number, outcome: WriteOutcome, canary: WriteOutcome = 'acknowledged') =>
    database.transaction(async (tx) => {
      const head = { fillId: randomUUID(), number, iterations: 1, requestedAt: at(number) };
      const targets = [{ targetId: baselineId, role: 'baseline', name: 'baseline', url: 'http://b.example' }];
      await fills.open(tx, { ...head, targets } as never);
      const filled = (targetId: string, role: string, writes: FillWrite[]) =>
        handler.handle({ data: { ...head, targetId, role, writes } } as never, tx);
      await filled(baselineId, 'baseline', [write(number), write(number + 1_000, canary, true)]);
      await filled(appId, 'app', [write(number, outcome)]);
      await fills.close(tx, { ...head, closedAt: at(number) } as never);
    });
  const telling = async (joinedAt: number, closedFill = 100) =>
    (
      await database.transaction((tx) =>
        ledger.ledgers(tx, { appId, joinedAt: at(joinedAt) }, { closedFill, history: 'since-join' }),
      )
    ).entry.canaries!.map((canary) => canary.fill);

  it('are those of fills that were asked for since it joined', async () => {
    await joined(3);
    for (const number of [1, 2, 3, 4]) await fill(number, 'acknowledged');
    expect(await telling(3)).toEqual([3, 4]);
    expect(await telling(3, 3)).toEqual([3]);
  });

  it('are those of fills of which it took a write itself', async () => {
    await joined(0);
    const outcomes = ['refused', 'acknowledged', 'unknown', 'skipped', 'acknowledged'] as const;
    for (const [i, outcome] of outcomes.entries()) await fill(i + 1, outcome);
    expect(await telling(0)).toEqual([2, 5]);
  });

  it('prove nothing from before a write that failed: the app may have been restored from a copy since', async () => {
    await joined(0);
    for (const [i, outcome] of (['acknowledged', 'acknowledged', 'refused', 'acknowledged'] as const).entries())
      await fill(i + 1, outcome);
    const { entry } = await database.transaction((tx) => ledger.ledgers(tx, { appId, joinedAt: at(0) }, { closedFill: 100, history: 'since-join' })); // prettier-ignore
    expect(entry.canaries!.map((canary) => [canary.fill, canary.isBeforeGap])).toEqual([[1, true], [2, true], [4, false]]); // prettier-ignore
  });

  it('are those of fills since it moved: a new server may begin with a copy', async () => {
    await joined(0);
    await fill(1, 'acknowledged');
    await joined(2, 'http://elsewhere.example');
    await fill(3, 'acknowledged');
    expect(await telling(0)).toEqual([3]);
  });

  it('are only those that the baseline took', async () => {
    await joined(0);
    await fill(1, 'acknowledged', 'unknown');
    await fill(2, 'acknowledged');
    expect(await telling(0)).toEqual([2]);
  });

  it('oblige nobody, the baseline neither', async () => {
    await joined(0);
    await fill(1, 'acknowledged');
    const markers = await database.query<{ marker: string }>('select distinct marker from ledger_write');
    expect(markers).toEqual([{ marker: write(1).marker }]);
  });

  it('go when their fills do', async () => {
    await joined(0);
    for (const number of [1, 2]) await fill(number, 'acknowledged');
    const sweep = (before: Date) =>
      database.transaction(async (tx) => [
        await ledger.sweep(tx, before, 9),
        await repository.sweep(tx, before, 9),
        await fills.sweep(tx, before, 9),
      ]);
    expect(await sweep(new Date(at(2)))).toEqual([2, 1, 1]);
    expect(await telling(0)).toEqual([2]);
  });
});
