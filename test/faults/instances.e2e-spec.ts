import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { ServiceProcess } from '#libs/local/src/service-process.js';
import { lockTimes } from '#libs/replication/src/lock-keeper.js';
import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: of two instances of a service one may be stopped for longer than its locks and its work are left to it, and go on in the
// belief that nothing has happened: the other has taken over meanwhile, and nothing is lost, doubled or reordered.
// Method: real processes, SIGSTOP and SIGCONT, load all the while. The first instance of each service is its leader.
describe('two instances of a service', () => {
  const both: readonly ServiceName[] = ['submission', 'leaderboard'];
  const takeOverMs = lockTimes.deposeAfterMs + 2_000;
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ split: both });
    submitter = await Submitter.start(lab);
    await until(async () => (await holders()).length === 2);
    await Promise.all(both.map((service) => lab.spawn(service)));
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  const holders = async () => {
    const pids = await Promise.all(
      both.map((service) => lab.query<{ pid: number }>(service, `select distinct backend_pid as pid from lock_holder`)),
    );
    return pids.flat().map((row) => row.pid);
  };
  const first = () => both.map((service) => lab.alive(service)[0]!);
  const signal = (processes: readonly ServiceProcess[], name: NodeJS.Signals) =>
    processes.forEach((process) => process.signal(name));
  const shown = async (name: string) =>
    (await lab.query('leaderboard', 'select 1 from standing where known and name = $1', [name])).length > 0;

  /** Load with the instances stopped; returns how long the first app that was accepted then took to the board. */
  async function whileStopped(stopped: readonly ServiceProcess[], stoppedMs: number): Promise<number> {
    await submitter.submit(10);
    const load = submitter.submit(10);
    signal(stopped, 'SIGSTOP');
    const began = performance.now();
    const known = submitter.accepted.length;
    const app = await until(() => submitter.accepted[known], 10_000);
    await until(() => shown(app), takeOverMs + 5_000);
    const tookMs = performance.now() - began;
    await load;
    await until(() => performance.now() - began > stoppedMs, stoppedMs + 1_000);
    signal(stopped, 'SIGCONT');
    await submitter.submit(10);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
    return tookMs;
  }

  it('go on when the leaders are stopped: the others take over within 12 s', async () => {
    const before = await holders();
    const tookMs = await whileStopped(first(), takeOverMs + 1_500);
    expect(tookMs).toBeGreaterThan(lockTimes.deposeAfterMs - lockTimes.renewMs - 500);
    expect(tookMs).toBeLessThan(takeOverMs);
    const after = await holders();
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('hardly notice when the others are stopped', async () => {
    const before = await holders();
    expect(await whileStopped(first(), lockTimes.deposeAfterMs + 500)).toBeLessThan(5_000);
    expect(await holders()).toEqual(before);
  });

  it('go on at once when the leaders are killed', async () => {
    const load = submitter.submit(20);
    await Promise.all(both.map((service) => lab.alive(service)[1]!.kill()));
    await load;
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });
});
