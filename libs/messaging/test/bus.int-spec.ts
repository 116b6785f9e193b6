import { Lab } from '#libs/testing/src/lab.js';
import { Submitter, submitOne } from '#libs/testing/src/submitting.js';

describe('two services on the bus', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeAll(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
  });
  afterAll(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  it('brings every committed event to its consumer once and in order', async () => {
    await submitter.submit(50);
    await lab.settle();
    const rows = await lab.query('leaderboard', 'select name from standing where known order by name');
    expect(rows).toHaveLength(50);
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  });

  it('answers a wrong request with a problem and changes nothing', async () => {
    const before = await lab.query('submission', 'select count(*) from app');
    const answer = await submitOne(submitter.connection, { name: '', url: 'nonsense' });
    expect(answer).toMatchObject({ problem: { type: 'urn:lockstep:problem:validation', side: 'yours', status: 400 } });
    expect(await lab.query('submission', 'select count(*) from app')).toEqual(before);
  });
});
