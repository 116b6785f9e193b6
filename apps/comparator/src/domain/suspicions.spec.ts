import type { CanaryFindings } from './canaries.js';
import type { EndpointLook, Look } from './look.js';
import { suspicionsOf } from './suspicions.js';

const fetched = { url: 'http://app.example/api', status: 200, bodyBytes: 1, totalMs: 1, problem: null };
const endpoint = (part: Partial<EndpointLook>): EndpointLook => ({
  ...{ path: '/api/journal/entries/all', label: 'Entries', state: 'judged', app: fetched },
  baseline: { ...fetched, url: 'http://baseline.example/api' },
  ...{ matched: 0, missing: 0, changed: 0, doubled: 0, derived: 0, undecided: 0, outside: 0, behindWindow: 0 },
  ...{ window: '', note: null, rules: [], found: [], differences: [] },
  ...part,
});
const look = (...endpoints: EndpointLook[]): Look => ({
  at: '2026-11-20T15:00:00.000Z',
  acknowledged: 1,
  fillsClosed: 1,
  endpoints,
});
const of = (part: Partial<EndpointLook>) => suspicionsOf([look(endpoint(part))], look(endpoint(part)));
const canaries = (part: Partial<CanaryFindings> = {}): CanaryFindings => ({
  ...{ inBaseline: 3, shown: 3, copies: 3, newestShown: 5, newest: 5, unexplained: [] },
  sightings: [
    {
      marker: '~0000000001',
      fill: 5,
      writtenAt: '2026-11-20T14:00:00.000Z',
      isCopy: true,
      baseline: { id: 9 },
      app: { id: 9 },
    },
  ],
  ...part,
});

describe('what staff are told about whose data an app shows', () => {
  it('is nothing of an app that shows its own', () => {
    expect(of({})).toEqual([]);
  });

  it('is proof once copies of the baseline’s rows have lasted, with the rows and when they were written', () => {
    const [proof] = of({ canaries: canaries(), foreign: 3 });
    expect(proof).toMatchObject({
      ...{ kind: 'baseline-rows', strength: 'proof', path: '/api/journal/entries/all' },
      sentence: expect.stringMatching(
        /^It shows 3 rows that were written only to the baseline\. It shows them up to the newest, of fill 5.*millisecond/,
      ),
      rows: [
        {
          fill: 5,
          writtenAt: '2026-11-20T14:00:00.000Z',
          sides: [
            { name: 'baseline', row: { id: 9 } },
            { name: 'app', row: { id: 9 } },
          ],
        },
      ],
    });
  });

  it('tells a copy that was taken once from reading the baseline', () => {
    const [proof] = of({ canaries: canaries({ newestShown: 3 }), foreign: 3 });
    expect(proof!.sentence).toContain('newer than fill 3, although the baseline shows one of fill 5');
  });

  it('is a hint only while nothing shows that the rows were copied', () => {
    expect(of({ canaries: canaries({ copies: 0 }) })).toMatchObject([
      { strength: 'hint', sentence: expect.stringContaining('somebody may have written them') },
    ]);
  });

  it('names where a redirect leads: to the baseline it is proof, elsewhere a note', () => {
    const to = (leadsTo: string) =>
      of({ state: 'app-failed', app: { ...fetched, status: 302, problem: 'x', leadsTo } });
    expect(to('http://baseline.example/api')).toMatchObject([{ kind: 'redirect', strength: 'proof' }]);
    expect(to('https://app.example/login')).toMatchObject([
      { strength: 'note', sentence: expect.stringContaining('/login') },
    ]);
    expect(to('//[')).toMatchObject([{ strength: 'note' }]);
  });

  it('tells of an answer for us alone that a lagging replica gives it too', () => {
    const samples = [{ marker: '~0000000001', fill: 2, acknowledgedAt: null, toUs: { id: 1 }, toBrowser: null }];
    expect(of({ asBrowser: { onlyToUs: 1, onlyToBrowser: 2, samples } })).toMatchObject([
      {
        kind: 'special-answers',
        strength: 'hint',
        sentence: expect.stringMatching(/1 row to us only and 2 rows to the browser only.*lagging replica/),
      },
    ]);
  });
});
