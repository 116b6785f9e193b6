import { endpointPaths, endpointsWith, fixtureApps, idOf } from '../../dev/fixture-apps.js';
import { shownCell, shownFigures, shownValues } from './shown.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

const lost = {
  ...fixtureApps().find(({ appId }) => appId === idOf(5))!,
  endpoints: endpointsWith({ 1: { verdict: 'out-of-sync', missing: 14, matched: 48 } }),
};
const entries = endpointPaths[1];

describe('what a row says', () => {
  it('are its counts when it was judged', () => {
    expect(shownFigures({ ...lost, verdict: 'out-of-sync' })).toEqual({
      different: lost.rowsDifferent,
      lost: 14,
      why: null,
    });
    expect(shownCell({ ...lost, verdict: 'out-of-sync' }, entries)).toMatchObject({ verdict: 'out-of-sync', off: 14 });
  });

  it.each(['pending', 'unknown'] as const)('is the word alone while it is %s: no old count beside it', (verdict) => {
    const row = { ...lost, verdict };
    expect(shownFigures(row)).toMatchObject({ different: null, lost: null, why: expect.stringMatching(/^Not judged/) });
    for (const endpoint of endpointPaths) expect(shownCell(row, endpoint)).toMatchObject({ verdict, off: null });
    expect(shownCell(row, entries)!.words).toBe(verdict === 'pending' ? 'Entries: Pending' : 'Entries: Unknown');
  });

  it('is nothing about rows where the app could not be read', () => {
    const row = {
      ...lost,
      verdict: 'unreachable' as Verdict,
      endpoints: endpointsWith({ 0: { verdict: 'unreachable', matched: 0 } }),
    };
    expect(shownFigures(row)).toMatchObject({ different: null, lost: null });
    expect(shownCell(row, endpointPaths[0])).toEqual({
      verdict: 'unreachable',
      off: null,
      words: 'Moods: Unreachable',
    });
    expect(shownCell(row, entries)).toMatchObject({ verdict: 'in-sync', off: 0 });
  });

  it('is nothing at an endpoint where it was never compared', () => {
    expect(shownCell({ ...lost, verdict: 'in-sync', endpoints: [] }, entries)).toBeNull();
  });

  it('leaves cells out that say nothing now, so that only what is news gets outlined', () => {
    expect([...shownValues({ ...lost, verdict: 'pending' }).keys()]).toEqual(['rank', 'verdict']);
    expect([...shownValues({ ...lost, verdict: 'out-of-sync' }).keys()]).toHaveLength(8);
  });
});
