import { failpoints, type Failpoint } from '#libs/platform/src/failpoint.js';
import { Lab } from '#libs/testing/src/lab.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';

// Goal: killing a process at any named point loses, doubles and reorders nothing, and needs no helping hand.
// Method: real processes; a victim that SIGKILLs itself at the n-th pass of a point, under load; a new one in its place; then the
// ledger, and the rows that people were told are there.
const victims: [Failpoint, ServiceName, number][] = [
  ['log:committed', 'submission', 7],
  ['log:numbered', 'submission', 3],
  ['relay:published', 'submission', 9],
  ['relay:marked', 'submission', 2],
  ['inbox:received', 'leaderboard', 2],
  ['inbox:applied', 'leaderboard', 2],
  ['inbox:committed', 'leaderboard', 2],
];

describe('a process killed at a named point', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ split: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  it.each(victims)('%s in %s: everything that was accepted arrives once', async (point, service, pass) => {
    for (const one of lab.processes.get(service) ?? []) if (one.running) await one.stop();
    const victim = await lab.spawn(service, `${point}=kill@${pass}`);
    const load = submitter.submit(60);
    await victim.exited;
    expect(victim.running).toBe(false);
    await lab.spawn(service);
    await load;
    await lab.settle();
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
    const shown = await lab.query<{ name: string }>('leaderboard', 'select name from standing where known');
    expect(shown.map((row) => row.name)).toEqual(expect.arrayContaining(submitter.accepted));
    expect(new Set(shown.map((row) => row.name)).size).toBe(shown.length);
  });

  it('leaves no point of the log, the relay and the inbox out', () => {
    const covered = victims.map(([point]) => point);
    const named = failpoints.filter((point) => /^(log|relay|inbox):/.test(point));
    expect(covered.toSorted()).toEqual(named.toSorted());
  });
});
