import { takeBack } from '../src/taking-back.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { loadSchema } from '#libs/local/src/service-host.js';
import { databaseOf } from '#libs/messaging/src/start-service.js';
import type { Database } from '#libs/platform/src/database.js';
import { Lab } from '#libs/testing/src/lab.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { quiet } from '#libs/testing/src/test-database.js';

describe('steps of a schema', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
    await submitter.submit(20);
    await lab.settle();
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  /** As `lockstep db down` does it. */
  async function down(service: ServiceName, steps = 1) {
    const schema = await loadSchema(service);
    const url = lab.plan[service]['DATABASE_URL']!;
    const database: Database = await databaseOf({ ...schema, module: class {} }, url, quiet);
    try {
      return await takeBack(database, { service, own: schema.migrations.map(({ name }) => name) }, steps);
    } finally {
      await database.close();
    }
  }
  const stop = async (service: ServiceName) => {
    await lab.hosted.get(service)!.close();
    lab.hosted.delete(service);
  };
  const shown = async () => (await lab.query('leaderboard', 'select 1 from standing where known')).length;

  it('are not taken back under a service that runs', async () => {
    await expect(down('leaderboard')).rejects.toThrow('leaderboard is running: it would fail at every event');
    expect(await shown()).toBe(20);
  });

  it('of a board are taken back with its places in the logs: the next start makes the same board, and the books are even', async () => {
    await stop('leaderboard');
    expect(await down('leaderboard', 3)).toEqual({
      ...{ steps: ['0104-overrides', '0103-downtime', '0102-board-through-time'], readsAgain: false },
    });
    expect(await down('leaderboard')).toEqual({ steps: ['0101-board'], readsAgain: true });
    expect(await down('leaderboard')).toEqual({ steps: [], readsAgain: true });
    await submitter.submit(5);
    await lab.host('leaderboard');
    await lab.settle();
    expect(await shown()).toBe(25);
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  });

  it('that hold log and inbox are never taken back', async () => {
    await stop('leaderboard');
    await expect(down('leaderboard', 5)).rejects.toThrow('leaderboard has 4 steps of its own. Below them are its log');
    await lab.host('leaderboard');
    expect(await shown()).toBe(25);
  });

  it('of a source are not taken back once others have heard of it', async () => {
    await stop('submission');
    await expect(down('submission')).rejects.toThrow(
      'submission has said or been asked what others rely on: filler, comparator, leaderboard would go on',
    );
    await lab.host('submission');
  });

  it('of a service that nobody has heard of are taken back and taken again', async () => {
    const filler = await loadSchema('filler');
    const database = await databaseOf({ ...filler, module: class {} }, lab.plan.filler['DATABASE_URL']!, quiet);
    await database.migrateUp();
    await database.close();
    const steps = (filler.migrations ?? []).map(({ name }) => name).toReversed();
    expect(steps).toContain('0101-send-log');
    expect(await down('filler', steps.length)).toEqual({ steps, readsAgain: false });
  });
});
