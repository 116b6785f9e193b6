import type { SqlMigration } from '#libs/platform/src/sql-migration.js';
import type { Database } from '#libs/platform/src/database.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';
import { claim as claimRows, putBack, renew, type WorkRow } from '../src/work.js';
import { WorkerRunner } from '../src/worker-runner.js';
import type { Claim, Next, Worker, WorkSettings } from '../src/worker.js';
import { WorkQueue } from '../src/work-queue.js';

const records: SqlMigration = {
  name: '0201-recorded',
  up: 'create table recorded (position int generated always as identity, subject text, seen text)',
  down: 'drop table recorded',
};
const later = () => {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
};

describe('work', () => {
  let server: TestDatabase;
  let database: Database;
  let count = 0;
  const runners: WorkerRunner[] = [];

  const run = (worker: Partial<Worker<string>>, settings: Partial<WorkSettings> = {}, queue = new WorkQueue()) => {
    const whole: Worker<string> = {
      act: async (claim) => `seen ${claim.attempt}`,
      record: async ({ subject }, seen, tx) => {
        await tx.query('insert into recorded (subject, seen) values ($1, $2)', [subject, seen]);
        return 'done';
      },
      giveUp: async ({ subject }, why, tx) => {
        await tx.query('insert into recorded (subject, seen) values ($1, $2)', [subject, `given up: ${why}`]);
        return 'done';
      },
      ...worker,
    };
    const runner = new WorkerRunner(
      whole,
      { kind: 'dig', leaseMs: 30_000, concurrency: 2, attemptsMax: 2, ...settings },
      { service: 'filler', database, queue, logger: quiet },
    );
    runners.push(runner);
    runner.start();
    return runner;
  };
  const schedule = (subject: string, delayMs = 0, queue = new WorkQueue()) =>
    database.transaction((tx) => queue.schedule(tx, 'dig', subject, delayMs));
  const recorded = () =>
    database.query<{ subject: string; seen: string }>('select subject, seen from recorded order by position');
  const rows = () =>
    database.query<{ subject: string; attempts: number; note: string | null }>(
      'select subject, attempts, note from work',
    );
  const until = async (isTrue: () => Promise<boolean> | boolean) => {
    const end = performance.now() + 10_000;
    while (!(await isTrue())) {
      if (performance.now() > end) throw new Error('not in time');
      await new Promise(setImmediate);
    }
  };
  const makeDue = () => database.query('update work set due_at = clock_timestamp() where lease_until is null');
  const untilNoneLeft = () => until(async () => (await rows()).length === 0);

  beforeAll(async () => {
    server = await TestDatabase.start();
  });
  beforeEach(async () => {
    database = await server.open(`work_${(count += 1)}`, [records]);
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  });
  afterAll(() => server?.stop());

  it('is done once, however many runners there are', async () => {
    for (const subject of ['a', 'b', 'c', 'd', 'e', 'f']) await schedule(subject);
    run({}, { concurrency: 3 });
    run({}, { concurrency: 3 });
    await untilNoneLeft();
    expect((await recorded()).map((row) => row.subject).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('is claimed by at most as many as there is room for', async () => {
    for (let index = 0; index < 40; index += 1) await schedule(`s${index}`);
    await database.query('set enable_hashjoin = off');
    expect(await claimRows(database, 'dig', 1_000, 3)).toHaveLength(3);
  });

  it('is done once more when it was asked for while it was under way', async () => {
    const [reached, letGo] = [later(), later()];
    let acts = 0;
    const act = async () => {
      acts += 1;
      if (acts > 1) return 'new';
      reached.resolve();
      await letGo.promise;
      return 'old';
    };
    const queue = new WorkQueue();
    await schedule('a', 0, queue);
    run({ act }, {}, queue);
    await reached.promise;
    await schedule('a', 60_000, queue);
    letGo.resolve();
    await untilNoneLeft();
    expect((await recorded()).map((row) => row.seen)).toEqual(['old', 'new']);
  });

  it('is recorded by nobody whose claim was lost: not at the end, and not in between', async () => {
    const [reached, letGo, taken, end] = [later(), later(), later(), later()];
    let between: unknown;
    const act = async (claim: Claim) => {
      if (claim.attempt > 1) {
        taken.resolve();
        await end.promise;
        return 'second';
      }
      reached.resolve();
      await letGo.promise;
      between = await claim
        .transaction((tx) => tx.query(`insert into recorded (seen) values ('between')`))
        .catch((e: unknown) => e);
      return 'first';
    };
    await schedule('a');
    run({ act });
    await reached.promise;
    await database.query(`update work set lease_until = clock_timestamp() - interval '1 second'`);
    run({ act });
    await taken.promise;
    letGo.resolve();
    await until(() => between !== undefined);
    await runners[0]!.stop();
    expect(between).toMatchObject({ name: 'Fenced' });
    end.resolve();
    await untilNoneLeft();
    expect((await recorded()).map((row) => row.seen)).toEqual(['second']);
  });

  describe('that comes in crowds', () => {
    const subjects = ['a', 'b', 'c', 'd'];
    const sharing = { claimsMax: 4, waitMs: 60_000, lastWaitMs: 60_000 };
    /** All are under way before the first goes on. */
    const together = () => {
      const [all, letGo] = [later(), later()];
      let there = 0;
      const act = async ({ subject }: Claim) => {
        there += 1;
        if (there === subjects.length) all.resolve();
        await letGo.promise;
        return `seen ${subject}`;
      };
      return { all, letGo, act };
    };
    const transactions = async () =>
      (await database.query<{ count: number }>('select count(distinct xmin::text)::int as count from recorded'))[0]!.count; // prettier-ignore

    it('shares one transaction, before it acts and when it records', async () => {
      const { all, letGo, act } = together();
      await database.transaction((tx) => new WorkQueue().scheduleAll(tx, 'dig', subjects));
      const began = (claim: Claim) =>
        claim.transaction((tx) => tx.query(`insert into recorded (subject, seen) values ($1, 'began')`, [claim.subject])); // prettier-ignore
      run({ act: async (claim) => (await began(claim), act(claim)) }, { concurrency: 4, sharing });
      await all.promise;
      expect([(await recorded()).length, await transactions()]).toEqual([4, 1]);
      letGo.resolve();
      await untilNoneLeft();
      expect([(await recorded()).length, await transactions()]).toEqual([8, 2]);
    });

    it('is recorded for all others when one cannot be, and waits for nobody who is not there', async () => {
      const { all, letGo, act } = together();
      await database.transaction((tx) => new WorkQueue().scheduleAll(tx, 'dig', subjects));
      const record: Worker<string>['record'] = async ({ subject }, seen, tx) => {
        await tx.query('insert into recorded (subject, seen) values ($1, $2)', [subject, seen]);
        if (subject === 'b') await tx.query('select 1 / 0');
        return 'done';
      };
      run({ act, record }, { concurrency: 4, sharing });
      await all.promise;
      letGo.resolve();
      await until(async () => (await rows())[0]?.note?.includes('division by zero') === true);
      expect((await recorded()).map(({ subject }) => subject).toSorted()).toEqual(['a', 'c', 'd']);
      await makeDue();
      await untilNoneLeft();
      expect((await recorded()).at(-1)).toMatchObject({
        subject: 'b',
        seen: expect.stringContaining('division by zero'),
      });
    });

    it('is recorded for all others when one claim was lost', async () => {
      const { all, letGo, act } = together();
      await database.transaction((tx) => new WorkQueue().scheduleAll(tx, 'dig', subjects));
      run({ act }, { concurrency: 4, sharing });
      await all.promise;
      await database.query(`update work set fence = fence + 1 where subject = 'b'`);
      letGo.resolve();
      await until(async () => (await recorded()).length === 3);
      expect((await recorded()).map(({ subject }) => subject).toSorted()).toEqual(['a', 'c', 'd']);
      expect(await database.query('select subject from work')).toEqual([{ subject: 'b' }]);
    });
  });

  it('is tried again, then given up; the error is there for people to read meanwhile', async () => {
    await schedule('a');
    run({ act: () => Promise.reject(new Error('no spade \0')) });
    await until(async () => (await rows())[0]?.note === 'no spade ');
    await database.query('update work set due_at = clock_timestamp()');
    await untilNoneLeft();
    expect(await recorded()).toMatchObject([{ subject: 'a', seen: 'given up: no spade ' }]);
  });

  it('counts no attempt for trouble of our own', async () => {
    const looked = later(); // the fifth act comes after a second by itself, and would take the row away from who looks late
    let acts = 0;
    const act = async () => {
      acts += 1;
      if (acts <= 3) throw Object.assign(new Error('gone'), { code: '57P01' });
      if (acts === 4) throw new Error('no spade');
      await looked.promise;
      return `act ${acts}`;
    };
    await schedule('a');
    run({ act }, { attemptsMax: 2 });
    await until(async () => {
      await makeDue();
      return acts >= 4;
    });
    await until(async () => (await rows())[0]?.note === 'no spade');
    expect(await rows()).toMatchObject([{ attempts: 1 }]);
    await database.query('update work set due_at = clock_timestamp()');
    looked.resolve();
    await untilNoneLeft();
    expect(await recorded()).toMatchObject([{ seen: 'act 5' }]);
  });

  it('that the database refuses again and again is suspected at last, and given up', async () => {
    let refusals = 0;
    const record = async () => {
      refusals += 1;
      throw Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });
    };
    await schedule('a');
    run({ record }, { attemptsMax: 2 });
    await until(async () => {
      await makeDue();
      return (await rows()).length === 0;
    });
    expect(await recorded()).toMatchObject([{ seen: expect.stringMatching(/given up: .*statement timeout/) }]);
    expect(refusals).toBeGreaterThan(5);
  });

  it('whose workers never come back is given up without being begun again', async () => {
    await schedule('a');
    for (let holder = 0; holder < 2; holder += 1) {
      expect(await claimRows(database, 'dig', 30_000, 1)).toMatchObject([{ attempts: holder }]);
      await database.query(`update work set lease_until = clock_timestamp() - interval '1 second'`);
    }
    const act = () => Promise.reject(new Error('must not be called'));
    run({ act }, { attemptsMax: 2 });
    await untilNoneLeft();
    expect(await recorded()).toMatchObject([{ seen: 'given up: It never came back from being done.' }]);
  });

  it('that was put back is not put back again by who did not hear of it', async () => {
    await schedule('a');
    const [row] = await claimRows(database, 'dig', 30_000, 1);
    await putBack(database, row!, 60_000, { note: 'second look', attempts: 0 });
    await expect(putBack(database, row!, 0, { note: null, attempts: 1 })).rejects.toThrow(/another worker/);
    expect(await renew(database, row!, 30_000)).toBe(false);
    expect(await rows()).toMatchObject([{ note: 'second look', attempts: 0 }]);
  });

  it('comes back when a record says so, and attempts are counted from one again', async () => {
    let times = 0;
    const record = async (_claim: Claim, seen: string): Promise<Next> => {
      expect(seen).toBe('seen 1');
      times += 1;
      return times < 3 ? { againInMs: 1, note: 'more to dig' } : 'done';
    };
    await schedule('a');
    run({ record });
    await untilNoneLeft();
    expect(times).toBe(3);
  });

  it('is given back at once when the service stops', async () => {
    const reached = later();
    const act = (claim: Claim) => {
      reached.resolve();
      return new Promise<string>((_, reject) =>
        claim.signal.addEventListener('abort', () => reject(new Error('stopped'))),
      );
    };
    await schedule('a');
    const runner = run({ act });
    await reached.promise;
    await runner.stop();
    const [row] = await database.query<WorkRow & { leased: boolean }>(
      'select attempts, lease_until is not null as leased from work',
    );
    expect(row).toEqual({ attempts: 0, leased: false });
  });

  it('that was revoked while it was under way is recorded by nobody, not even by who had it', async () => {
    const [reached, letGo] = [later(), later()];
    const act = async () => {
      reached.resolve();
      await letGo.promise;
      return 'too late';
    };
    await schedule('a');
    const runner = run({ act });
    await reached.promise;
    await database.transaction((tx) => new WorkQueue().revoke(tx, 'dig', 'a'));
    expect(await rows()).toEqual([]);
    letGo.resolve();
    await runner.stop();
    expect([await recorded(), await rows()]).toEqual([[], []]);
  });

  it('that was taken back is not done', async () => {
    await schedule('a', 60_000);
    await schedule('b', 60_000);
    await database.transaction((tx) => new WorkQueue().cancel(tx, 'dig', 'a'));
    expect((await rows()).map((row) => row.subject)).toEqual(['b']);
  });
});
