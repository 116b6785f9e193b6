import { areByTurns, goneAgain, mayBeHalf } from './coming-and-going.js';
import { foundMax, type EndpointLook, type Found, type Look } from './look.js';

const fetched = { url: 'http://a.example/p', status: 200, bodyBytes: 10, totalMs: 1, problem: null };
const asked = 6;
/** An endpoint of six rows, two of each fill, that misses those at these places. */
const missing = (places: readonly number[], part: Partial<EndpointLook> = {}): EndpointLook => ({
  ...{ path: '/p', label: 'P', state: 'judged', baseline: fetched, app: fetched, asked, missing: places.length },
  ...{ matched: 0, changed: 0, doubled: 0, derived: 0, undecided: 0, outside: 0, behindWindow: 0 },
  ...{ window: '', note: null, rules: [], differences: [] },
  found: places.map((place): Found => ['missing', `~${place}`, 1 + (place >> 1), place]),
  ...part,
});
const look = (n: number, ...endpoints: EndpointLook[]): Look => ({
  ...{ at: new Date(Date.UTC(2026, 10, 20, 10, 0, n)).toISOString(), acknowledged: asked, fillsClosed: 3 },
  ...{ closedFill: 3, endpoints },
});
const looks = (...missed: (readonly number[])[]) => missed.map((places, n) => look(n, missing(places)));
const [odd, even] = [[1, 3, 5], [2, 4]]; // prettier-ignore

describe('rows that come and go', () => {
  it('are gone again when they were there, and rows had gone before', () => {
    expect(goneAgain(looks(odd, even, odd), '/p')).toEqual(['~1', '~3', '~5']);
    expect(goneAgain(looks(odd, even, odd, even), '/p')).toEqual(['~2', '~4']);
    expect(goneAgain(looks(odd, even), '/p')).toEqual([]);
    expect(goneAgain([], '/p')).toEqual([]);
  });

  it('are not those that come late, that were lost meanwhile, or that nobody asked for before', () => {
    expect(goneAgain(looks([3, 4, 5], [4, 5], [5]), '/p')).toEqual([]);
    expect(goneAgain(looks([], [1, 3], [1, 3], [1, 3]), '/p')).toEqual([]);
    const earlier = looks(odd, even, odd).map((one) => ({ ...one, closedFill: 0 }));
    expect(goneAgain(earlier, '/p')).toEqual([]);
  });

  it('are not those that a look could not show, nor those of a look that did not name them all', () => {
    const behind = [missing([1]), missing([], { behind: ['~1'] }), missing([1]), missing([], { behind: ['~1'] })];
    expect(
      goneAgain(
        [...behind, missing([1])].map((one, n) => look(n, one)),
        '/p',
      ),
    ).toEqual([]);
    const many = Array.from({ length: foundMax }, (_, n): Found => ['missing', `~x${n}`, 1, n]);
    const unnamed = [missing(odd), missing(even, { found: many }), missing(odd)].map((one, n) => look(n, one));
    expect([goneAgain(unnamed, '/p'), areByTurns(unnamed)]).toEqual([[], false]);
    const away = [missing(odd), missing([], { state: 'app-failed' }), missing(odd)].map((one, n) => look(n, one));
    expect([goneAgain(away, '/p'), areByTurns(away)]).toEqual([[], false]);
  });

  it('are shown by turns when some went while others came, or came back', () => {
    expect(areByTurns(looks(odd, even))).toBe(true);
    expect(areByTurns(looks([1], [], [1]))).toBe(false);
    expect(areByTurns(looks([], [1], []))).toBe(true);
    expect(areByTurns(looks([1, 3], [1, 3], [1, 3]))).toBe(false);
  });

  it('are not shown by turns by replicas that lag: there only the newest come and go', () => {
    expect(areByTurns(looks([4, 5], [5], [3, 4, 5], [5]))).toBe(false);
    expect(areByTurns(looks([3, 4, 5], [4, 5], []))).toBe(false);
  });

  it('may be half of the rows when about every second one is missing since the first', () => {
    const isHalf = (places: readonly number[]) => mayBeHalf(look(0, missing(places)));
    expect([[1, 3, 5], [0, 2, 4], [2, 4], [3, 5]].map(isHalf)).toEqual([true, true, true, true]); // prettier-ignore
    expect([[], [0], [3], [5], [1, 5], [4, 5], [3, 4, 5], [0, 1, 2, 3, 4, 5]].map(isHalf)).not.toContain(true);
    expect(mayBeHalf(look(0, missing([5]), missing([4])))).toBe(true);
    expect(mayBeHalf(look(0, missing([5]), missing([])))).toBe(false);
  });
});
