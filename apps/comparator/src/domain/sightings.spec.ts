import { foundMax, type EndpointLook, type Found, type Look } from './look.js';
import { seenAt } from './sightings.js';

const fetched = { url: 'http://a.example/p', status: 200, bodyBytes: 10, totalMs: 1, problem: null };
const entries = (part: Partial<EndpointLook> = {}): EndpointLook => ({
  ...{ path: '/api/journal/entries/all', label: 'Entries', state: 'judged', baseline: fetched, app: fetched },
  ...{ matched: 0, changed: 0, derived: 0, undecided: 0, outside: 0, behindWindow: 0 },
  ...{ window: '', note: null, rules: [], differences: [], found: [] },
  missing: (part.found ?? []).filter(([kind]) => kind === 'missing').length,
  doubled: (part.found ?? []).filter(([kind]) => kind === 'doubled').length,
  ...part,
});
const look = (second: number, ...endpoints: EndpointLook[]): Look => ({
  ...{
    at: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString(),
    acknowledged: 12,
    fillsClosed: 4,
    closedFill: 9,
  },
  endpoints,
});
const missing = (marker: string): Found => ['missing', marker, 3];
const named = (...looks: Look[]) => Object.fromEntries(seenAt(looks)!.kinds[0]!.named);

describe('what looks saw of writes', () => {
  it('is that all others are visible, as of the newest look', () => {
    expect(seenAt([look(0, entries({ behind: ['~b'] }))])).toEqual({
      ...{ at: '2026-11-20T10:00:00.000Z', closedFill: 9 },
      kinds: [{ kind: 'entry', named: new Map([['~b', 'behind']]), others: 'visible' }],
    });
  });

  it('calls lost and doubled only what was so at every look, and unsure what was not there at the newest', () => {
    const lost = missing('~a');
    const doubled: Found = ['doubled', '~d', 3];
    const at = (second: number, ...more: Found[]) => look(second, entries({ found: [lost, doubled, ...more] }));
    expect(named(at(0))).toEqual({ '~a': 'unsure' });
    expect(named(at(0), at(3, missing('~c')), at(10, missing('~e')))).toEqual({ '~a': 'lost', '~d': 'doubled', '~e': 'unsure' }); // prettier-ignore
    expect(named(at(0), look(3, entries()), at(10))).toEqual({ '~a': 'unsure' });
  });

  it('calls nothing lost that comes and goes', () => {
    const by = (...second: number[]) =>
      second.map((at, n) => look(at, entries({ found: [missing(n % 2 ? '~b' : '~a')] })));
    expect(named(...by(0, 3, 10))).toEqual({ '~a': 'unsure' });
  });

  it('tells nothing of an endpoint that was not judged, of statistics, or of looks without a fill', () => {
    const stats = entries({ path: '/api/stats/overview' });
    for (const state of ['app-failed', 'baseline-failed', 'our-fault'] as const)
      expect(seenAt([look(0, entries({ state }), stats)])!.kinds).toEqual([]);
    const { closedFill: _, ...stored } = look(0, entries());
    expect([seenAt([stored]), seenAt([])]).toEqual([null, null]);
  });

  it('takes nothing for seen when more differs than is named', () => {
    const found = Array.from({ length: foundMax }, (_, i) => missing(`~${i}`));
    expect(seenAt([look(0, entries({ found }))])!.kinds[0]).toMatchObject({ others: 'unsure' });
  });
});
