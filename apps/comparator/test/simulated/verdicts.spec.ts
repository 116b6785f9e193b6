import { faultNames, tryFaithful, tryFault } from './trials.js';

// Goal: a faithful app is never called out of sync, whatever else happens in its lab; a fault is found and named.
// Method: a few of the worlds that `./lockstep soak verdicts` goes through for as long as it is told, always the same ones.
const worlds = 5;

describe('verdicts in simulated labs', () => {
  it('never blames a faithful app', async () => {
    const verdicts: string[] = [];
    for (let seed = 1; seed <= worlds; seed += 1) {
      const trial = await tryFaithful(seed);
      expect(trial.wrong).toEqual([]);
      verdicts.push(...trial.verdicts);
    }
    expect(verdicts.length).toBeGreaterThan(100);
    expect(verdicts.filter((verdict) => verdict === 'in-sync').length).toBeGreaterThan(verdicts.length * 0.8);
  });

  it.each(faultNames)('finds %s, with its cause on top', async (name) => {
    expect(await tryFault(name, 3)).toMatchObject({ found: true, topCauseRight: true });
  });
});
