import { causesOf } from './causes.js';
import { decide, lookPolicy } from './comparison.js';
import type { Difference, EndpointLook, Look } from './look.js';
import { sentenceOf } from './sentence.js';

const fetched = { url: 'http://a.example/p', status: 200, bodyBytes: 10, totalMs: 1, problem: null };
const missing = (marker: string): Difference => ({
  kind: 'missing',
  marker,
  what: '',
  fill: 3,
  acknowledgedAt: null,
  baseline: {},
  app: null,
  fields: [],
});
const endpoint = (part: Partial<EndpointLook> = {}): EndpointLook => ({
  ...{
    path: '/p',
    label: 'P',
    state: 'judged',
    baseline: fetched,
    app: fetched,
    matched: 4,
    missing: 0,
    changed: 0,
    doubled: 0,
    derived: 0,
  },
  ...{ outside: 0, behindWindow: 0, window: '', note: null, rules: [], differences: [] },
  ...part,
});
const look = (second: number, ...endpoints: EndpointLook[]): Look => ({
  at: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString(),
  acknowledged: 12,
  endpoints,
});
const good = endpoint();
const bad = (...markers: string[]) => endpoint({ missing: markers.length, differences: markers.map(missing) });
const down = endpoint({
  state: 'app-failed',
  app: { ...fetched, status: 503, problem: 'It answered 503 instead of 200.' },
});
const noBaseline = endpoint({
  state: 'baseline-failed',
  baseline: { ...fetched, problem: 'It answered 500 instead of 200.' },
});
const ours = endpoint({ state: 'our-fault', note: 'The lab was too busy.' });

describe('deciding a comparison', () => {
  it('judges a good look at once', () => {
    expect(decide([look(0, good)])).toEqual({ kind: 'judge', verdict: 'in-sync', healedAfterMs: null });
  });

  it('never blames at first sight, nor for what has healed', () => {
    expect(decide([look(0, bad('~a'))])).toEqual({ kind: 'look-again', inMs: 3_000 });
    expect(decide([look(0, bad('~a')), look(3, bad('~a'))])).toEqual({ kind: 'look-again', inMs: 7_000 });
    expect(decide([look(0, bad('~a')), look(3, bad('~a')), look(10, good)])).toEqual({
      kind: 'judge',
      verdict: 'in-sync',
      healedAfterMs: 10_000,
    });
  });

  it('blames what has been there at every look for ten seconds', () => {
    expect(decide([look(0, bad('~a')), look(3, bad('~a', '~b')), look(10, bad('~a'))])).toMatchObject({
      kind: 'judge',
      verdict: 'out-of-sync',
    });
    expect(lookPolicy.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });

  it('looks longer at what keeps changing, but not for ever', () => {
    const looks = [look(0, bad('~a')), look(3, bad('~b')), look(10, bad('~c'))];
    expect(decide(looks)).toMatchObject({ kind: 'look-again' });
    expect(decide([...looks, look(17, bad('~d')), look(24, bad('~e'))])).toMatchObject({
      kind: 'judge',
      verdict: 'out-of-sync',
    });
  });

  it('calls an app unreachable only when it stays so', () => {
    expect(decide([look(0, down)])).toMatchObject({ kind: 'look-again' });
    expect(decide([look(0, down), look(3, good)])).toMatchObject({ kind: 'judge', verdict: 'in-sync' });
    expect(decide([look(0, down), look(3, down), look(10, down)])).toMatchObject({
      kind: 'judge',
      verdict: 'unreachable',
    });
  });

  it('fails, and blames nobody, when the baseline or our side stays away', () => {
    expect(decide([look(0, noBaseline, bad('~a')), look(3, noBaseline), look(10, noBaseline, bad('~a'))])).toEqual({
      kind: 'fail',
      side: 'baseline',
    });
    expect(decide([look(0, ours), look(3, ours), look(10, ours, noBaseline)])).toEqual({ kind: 'fail', side: 'ours' });
  });

  it('says pending while the app answers for nothing yet', () => {
    expect(decide([{ ...look(0, good), acknowledged: 0 }])).toMatchObject({ kind: 'judge', verdict: 'pending' });
  });
});

describe('the sentence of a verdict', () => {
  it('says what, how many and since when', () => {
    expect(sentenceOf('out-of-sync', look(0, bad('~a', '~b')), null)).toBe(
      'Out of sync: 2 rows acknowledged, then lost since fill 3.',
    );
    expect(sentenceOf('in-sync', look(0, good), null)).toBe(
      'In sync: of 12 rows that the app acknowledged, all 12 are as they should be.',
    );
    expect(sentenceOf('in-sync', look(0, good), 4_200)).toContain('Some came late: after 4.2 s.');
    expect(sentenceOf('unreachable', look(0, down), null)).toBe(
      'Unreachable: the app could not be read. It answered 503 instead of 200.',
    );
    expect(sentenceOf('unknown', look(0, noBaseline), null)).toContain('costs the app nothing');
  });
});

describe('causes', () => {
  it('groups differences, largest first, and never more than five', () => {
    const changed = endpoint({
      path: '/q',
      changed: 3,
      differences: [
        { ...missing('~c'), kind: 'changed', fields: [{ path: '/text', kind: 'value', baseline: 'a', app: 'b' }] },
      ],
    });
    const causes = causesOf(look(0, bad('~a'), changed));
    expect(causes.map((cause) => [cause.name, cause.rows, cause.endpoints])).toEqual([
      ['changed /text', 3, ['/q']],
      ['lost', 1, ['/p']],
    ]);
  });
});
