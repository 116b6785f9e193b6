import { endpointPaths, endpointsWith, fixtureApps, idOf } from '../../dev/fixture-apps.js';
import { shownCell, shownDowntime, shownFigures, shownValues } from './shown.js';
import type { Downtime } from '#libs/contracts/src/leaderboard.js';
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
    expect([...shownValues({ ...lost, verdict: 'pending' }).keys()]).toEqual(['rank', 'verdict', 'downtime']);
    expect([...shownValues({ ...lost, verdict: 'out-of-sync' }).keys()]).toHaveLength(9);
    expect([...shownValues({ ...lost, verdict: 'pending', downtime: null }).keys()]).toEqual(['rank', 'verdict']);
  });
});

describe('what a row says of downtime', () => {
  const at = '2026-11-20T10:14:07.000Z';
  const shown = (verdict: Downtime['verdict'], ms: number | null) =>
    shownDowntime({ ...lost, verdict: 'pending', downtime: { windowId: idOf(705), verdict, ms, at } });

  it.each([
    ['proven', 0, '✓', '0 ms', 'Proven: down for 0 ms in the window of 20 Nov 2026'],
    ['violated', 400, '×', '400 ms', 'Violated: down for 400 ms in the window of 20 Nov 2026'],
    ['violated', 1_204, '×', '1.2 s', 'Violated: down for 1.2 s'],
    ['violated', 186_000, '×', '3.1 min', 'Violated: down for 3.1 min'],
    ['violated', 0, '×', '0 ms', 'Violated: down for 0 ms, but a write was lost in the window'],
    ['not-proven', null, '!', 'not proven', 'Not proven by the window of 20 Nov 2026'],
  ] as const)(
    'is the word and the figure of its window, whatever comparisons say: %s, %s ms',
    (verdict, ms, glyph, text, words) => {
      expect(shown(verdict, ms)).toEqual({ glyph, text, words: expect.stringContaining(words) });
    },
  );

  it('is that nobody has measured it, of an app that was never watched', () => {
    expect(shownDowntime({ ...lost, downtime: null })).toMatchObject({ glyph: null, text: 'not measured' });
  });
});
