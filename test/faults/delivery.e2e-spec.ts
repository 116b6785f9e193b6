import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { freshSeed } from '#libs/testing/src/seeded-random.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { makeRoadsUnreliable, type Unreliability } from '#libs/testing/src/unreliable-road.js';

// Goal: messages that are lost for good, come twice or overtake each other change nothing but the time they take.
// Method: a shim before the intake of every reader of this process, with a printed seed (SEED repeats it); then the count.
describe('messages that are', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard', 'comparator'] });
    submitter = await Submitter.start(lab);
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  const fault = { dropped: 0, doubled: 0, delayed: 0, delayMsMax: 0 };
  it.each<[string, Omit<Unreliability, 'seed'>]>([
    ['dropped, a quarter', { ...fault, dropped: 0.25 }],
    ['dropped, all of them', { ...fault, dropped: 1 }],
    ['doubled', { ...fault, doubled: 0.5 }],
    ['reordered and late', { ...fault, delayed: 0.5, delayMsMax: 400 }],
    ['all of that', { dropped: 0.1, doubled: 0.2, delayed: 0.4, delayMsMax: 200 }],
  ])('%s', async (_what, how) => {
    const seed = freshSeed();
    console.info(`SEED=${seed}`);
    const shim = makeRoadsUnreliable({ seed, ...how });
    try {
      await submitter.submit(60);
      expect(await reckon(lab, submitter)).toEqual(nothingWrong);
    } finally {
      shim.end();
    }
    for (const [what, share] of Object.entries(how))
      if (what in shim.done && share > 0) expect(shim.done[what as keyof typeof shim.done]).toBeGreaterThan(0);
  });
});
