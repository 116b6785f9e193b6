import { withRanks } from './moves.js';

describe('who would move', () => {
  it('is told once each: who gets another verdict with its rank, then who moves only because of others', () => {
    const [ada, bob] = ['a', 'b'].map((appId) => ({ appId, appName: appId, to: `/comparisons/${appId}` }));
    const rank = { from: 3, to: 1 };
    const ranks = [
      { appId: 'c', appName: 'Cy', rank: { from: 1, to: 2 } },
      { appId: 'a', appName: 'a', rank },
    ];
    expect(withRanks([{ ...ada!, after: 'in-sync' }, bob!], ranks)).toEqual([
      { ...ada, after: 'in-sync', rank },
      { ...bob, rank: undefined },
      { appId: 'c', appName: 'Cy', to: '/apps/c', rank: { from: 1, to: 2 } },
    ]);
  });
});
