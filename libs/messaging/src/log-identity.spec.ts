import { LogIdentity } from './log-identity.js';

const log = (part = {}) => ({ logId: 'one', head: 10, pruned: 0, ...part });

describe('the identity of a log', () => {
  it('is taken from the first that is read, and held until the cursor is read again', () => {
    const identity = new LogIdentity('submission');
    expect(identity.isOf('one')).toBe(true);
    identity.readOf('one');
    expect([identity.isOf('one'), identity.isOf('other'), identity.isOf('one')]).toEqual([true, false, false]);
    expect(identity.problem).toMatch(/another one.*Restore both databases/);
    identity.readOf('one');
    expect([identity.problem, identity.isOf('one')]).toEqual([undefined, true]);
  });

  it.each([
    ['goes on', log(), 10, undefined],
    ['lets a new reader begin after what is gone', log({ pruned: 7 }), 0, undefined],
    ['refuses a log that ends before the cursor', log(), 11, /it has gone back/],
    ['refuses a cursor from before what is kept', log({ pruned: 7 }), 3, /our cursor has gone back/],
    ['refuses another log', log({ logId: 'other' }), 3, /another one/],
  ])('%s', (_what, state, cursor, problem) => {
    const identity = new LogIdentity('submission');
    identity.readOf('one');
    expect(identity.goesOn(state, cursor)).toBe(problem === undefined);
    if (problem) expect(identity.problem).toMatch(problem);
  });
});
