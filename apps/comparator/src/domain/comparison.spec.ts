import { causesOf } from './causes.js';
import { decide } from './comparison.js';
import { lookPolicy, settled } from './lasting.js';
import { foundOf, verdictOfEndpoint, type Difference, type EndpointLook, type Look } from './look.js';
import { lookingAgain, nothingYet, sentenceOf } from './sentence.js';

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
  ...{ undecided: 0, outside: 0, behindWindow: 0, window: '', note: null, rules: [] },
  ...{ differences: [], found: (part.differences ?? []).map(foundOf) },
  ...part,
});
const look = (second: number, ...endpoints: EndpointLook[]): Look => ({
  at: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString(),
  acknowledged: 12,
  fillsClosed: 4,
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
      verdict: 'pending',
    });
    expect(decide([...looks, look(17, bad('~c')), look(24, bad('~c'))])).toMatchObject({
      kind: 'judge',
      verdict: 'out-of-sync',
    });
  });

  it('blames rows that were there and are missing again, more than once: that is not late', () => {
    const all = ['~a', '~b', '~c', '~d'];
    const half = (second: number, ...markers: string[]) => ({ ...look(second, bad(...markers)), closedFill: 9 });
    const turns = [half(0, '~a', '~c'), half(3, '~b', '~d'), half(10, '~a', '~c')];
    expect(decide(turns)).toMatchObject({ kind: 'judge', verdict: 'out-of-sync' });
    expect(decide(turns.slice(0, 2))).toMatchObject({ kind: 'look-again' });
    const newest = settled(turns)!;
    expect(newest.endpoints[0]).toMatchObject({ state: 'judged', missing: 2, comingAndGoing: ['~a', '~c'] });
    expect(sentenceOf('out-of-sync', newest, null)).toBe(
      'Out of sync: 2 rows acknowledged that come and go, there at one look and not at the next.',
    );
    const late = [4, 3, 2, 1, 1].map((count, n) => half(n * 6, ...all.slice(4 - count)));
    expect(decide(late.slice(0, 2))).toMatchObject({ kind: 'look-again' });
    expect(settled(late.slice(0, 3))!.endpoints[0]!.comingAndGoing).toBeUndefined();
  });

  it('looks as often as it may at rows of which about half are missing: the other half may be shown next', () => {
    const half = [0, 3, 10, 17, 24].map((second) => {
      const one = bad('~a', '~b');
      return look(second, {
        ...one,
        asked: 4,
        found: one.found.map(([kind, name, fill], n) => [kind, name, fill, 2 * n]),
      });
    });
    expect(decide(half.slice(0, 4))).toMatchObject({ kind: 'look-again' });
    expect(decide(half)).toMatchObject({ verdict: 'out-of-sync' });
  });

  it('counts only looks that could judge: two blind ones and a difference are a first sight', () => {
    const blind: [string, EndpointLook][] = [
      ['the baseline was away', noBaseline],
      ['we failed', ours],
      ['the app was away', down],
    ];
    for (const [, away] of blind) {
      const looks = [look(0, away), look(3, away), look(10, bad('~a'))];
      expect(decide(looks)).toEqual({ kind: 'look-again', inMs: 7_000 });
      expect(decide([...looks, look(17, bad('~a'))])).toMatchObject({ kind: 'look-again' });
      expect(decide([...looks, look(17, bad('~a')), look(24, bad('~a'))])).toMatchObject({ verdict: 'out-of-sync' });
    }
    expect(decide([look(0, ours), look(3, ours), look(10, down)])).toMatchObject({ kind: 'look-again' });
    expect(decide([look(0, bad('~a')), look(3, down), look(10, down)])).toMatchObject({ kind: 'look-again' });
    expect(decide([look(0, bad('~a')), look(10, bad('~a'))])).toMatchObject({ verdict: 'out-of-sync' });
  });

  it('takes looks that could not judge for no looks at all, also between two that could', () => {
    expect(decide([look(0, bad('~a')), look(3, down), look(10, bad('~a'))])).toMatchObject({ verdict: 'out-of-sync' });
    expect(decide([look(0, down), look(3, ours), look(10, down)])).toMatchObject({ verdict: 'unreachable' });
  });

  it('says unknown, and whose side, when it could not look well enough by the last look', () => {
    const flickering = [look(0, noBaseline), look(3, bad('~a')), look(10, noBaseline), look(17, bad('~b'))];
    expect(decide([...flickering, look(24, bad('~c'))])).toEqual({ kind: 'fail', side: 'baseline' });
    expect(decide([...flickering, look(24, ours)])).toEqual({ kind: 'fail', side: 'ours' });
  });

  it('judges nobody who is read at some looks and not at others', () => {
    const other = endpoint({ path: '/q' });
    const flapping = [down, good, down, good, down].map((one, i) =>
      look(i * 7, one, i % 2 ? endpoint({ ...bad('~a'), path: '/q' }) : other),
    );
    expect(decide(flapping)).toMatchObject({ kind: 'judge', verdict: 'pending' });
    expect(sentenceOf('pending', flapping[4]!, null)).toContain('at some looks and not at others');
  });

  it('takes a difference as proven although another endpoint could not be read meanwhile', () => {
    const others = [good, down, good];
    const looks = others.map((other, i) => look(i * 5, endpoint({ ...bad('~a'), path: '/q' }), other));
    expect(decide(looks)).toMatchObject({ kind: 'judge', verdict: 'out-of-sync' });
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

describe('what has lasted', () => {
  it('is counted and named, and what was not there at every look is being looked at', () => {
    const looks = [look(0, bad('~a', '~b')), look(3, bad('~a')), look(10, bad('~a', '~b', '~c'))];
    const [endpointNow] = settled(looks)!.endpoints;
    expect(endpointNow).toMatchObject({
      missing: 1,
      state: 'unsettled',
      differences: [{ marker: '~a' }],
      note: '2 more differences are being looked at: they were not the same at every look.',
    });
    expect(sentenceOf('out-of-sync', settled(looks)!, null)).toBe(
      'Out of sync: 1 row acknowledged, then lost since fill 3. More is being looked at.',
    );
  });

  it('leaves an endpoint pending where nothing has lasted, and blames none for one look at which it was away', () => {
    const verdicts = (looks: Look[]) => settled(looks)!.endpoints.map(verdictOfEndpoint);
    expect(verdicts([look(0, bad('~a')), look(3, bad('~b')), look(10, bad('~c'))])).toEqual(['pending']);
    expect(verdicts([look(0, good), look(3, good), look(10, down)])).toEqual(['pending']);
    expect(verdicts([look(0, down), look(3, down), look(10, down)])).toEqual(['unreachable']);
    expect(verdicts([look(0, good)])).toEqual(['in-sync']);
  });

  it('goes on counting what is beyond the names when all that are named have lasted', () => {
    const many = endpoint({ ...bad('~a'), missing: 9_000 });
    expect(settled([look(0, many), look(3, many), look(10, many)])!.endpoints[0]).toMatchObject({
      missing: 9_000,
      state: 'judged',
    });
  });

  it('holds rows that neither side shows as they were sent against nobody', () => {
    const torn = endpoint({
      undecided: 1,
      note: 'Not judged: 1 row that the baseline, too, shows other than it was written.',
    });
    expect(decide([look(0, torn), look(3, torn), look(10, torn)])).toEqual({ kind: 'fail', side: 'baseline' });
    const lossy = endpoint({ ...bad('~a'), undecided: 1 });
    expect(decide([look(0, lossy), look(3, lossy), look(10, lossy)])).toMatchObject({ verdict: 'out-of-sync' });
    const elsewhere = endpoint({ ...bad('~a'), path: '/q' });
    expect(decide([0, 3, 10].map((at) => look(at, torn, elsewhere)))).toMatchObject({ verdict: 'out-of-sync' });
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

  it('claims no more than was looked at', () => {
    const large = { ...look(0, endpoint({ behindWindow: 2_300 }), endpoint({ behindWindow: 0 })), acknowledged: 3_000 };
    expect(sentenceOf('in-sync', large, null)).toBe(
      'In sync: of 3,000 rows that the app acknowledged, all 700 that can still be shown are as they should be.',
    );
  });

  it('says why there is nothing to compare', () => {
    expect(nothingYet(0)).toContain('no fill has closed');
    expect(sentenceOf('pending', { ...look(0, good), acknowledged: 0 }, null)).toBe(
      'Nothing to compare yet: of 4 fills since it joined the app has acknowledged no write.',
    );
    expect(sentenceOf('pending', look(24, bad('~e')), null)).toMatch(
      /^Not judged: at each look other rows were missing/,
    );
  });

  it('says what the first look found, and not that something differs when nobody could look', () => {
    expect(lookingAgain(look(0, bad('~a')), 3_000)).toBe('Something differs; looking again in 3 s before saying so.');
    expect(lookingAgain(look(0, down), 3_000)).toMatch(/^The app could not be read; /);
    expect(lookingAgain(look(0, noBaseline), 3_000)).toMatch(/^The baseline could not be relied on; /);
    expect(lookingAgain(look(0, ours), 3_000)).toMatch(/^Our side failed; /);
  });

  it('fits into its message, whatever an app has answered', () => {
    const talkative = { ...down, app: { ...fetched, problem: 'x'.repeat(2_000) } };
    expect(sentenceOf('unreachable', look(0, talkative), null)).toHaveLength(500);
  });

  it('names what differs beside the rows as that, and not as a row', () => {
    const beside: Difference = { ...missing('~x'), kind: 'changed', marker: null, what: '/error', fill: null };
    const one = endpoint({ changed: 1, differences: [beside] });
    expect(sentenceOf('out-of-sync', look(0, one), null)).toBe(
      'Out of sync: an answer that differs beside its rows, at /p.',
    );
    expect(causesOf(look(0, one))).toMatchObject([
      { name: 'beside the rows', rows: 1, sentence: 'The answer differs beside its rows: /error.' },
    ]);
  });
});

describe('the full history', () => {
  const absent = (marker: string): Difference => ({ ...missing(marker), kind: 'absent' });
  const copied = endpoint({ inherited: 120, absent: 0 });
  const incomplete = endpoint({ inherited: 120, absent: 2, differences: [absent('~a'), absent('~b')] });
  const late = { acknowledged: 0 };

  it('is judged before an app has acknowledged anything', () => {
    expect(decide([{ ...look(0, copied), ...late }])).toMatchObject({ kind: 'judge', verdict: 'in-sync' });
    expect(decide([{ ...look(0, good), ...late }])).toMatchObject({ kind: 'judge', verdict: 'pending' });
  });

  it('is said where it matters, and what is absent was not lost', () => {
    expect(sentenceOf('in-sync', look(0, copied), null)).toBe(
      'In sync: of 12 rows that the app acknowledged and 120 more of the full history, all 132 are as they should be.',
    );
    const looks = [look(0, incomplete), look(3, incomplete), look(10, incomplete)];
    expect(decide(looks)).toMatchObject({ kind: 'judge', verdict: 'out-of-sync' });
    const newest = settled(looks)!;
    expect(newest.endpoints[0]).toMatchObject({ absent: 2, missing: 0 });
    expect(sentenceOf('out-of-sync', newest, null)).toBe(
      'Out of sync: 2 rows of the full history, which the baseline shows, not there since fill 3.',
    );
    expect(causesOf(newest)).toMatchObject([{ name: 'absent', rows: 2 }]);
  });

  it('blames nobody for what was copied between two looks', () => {
    const looks = [look(0, incomplete), look(3, incomplete), look(10, endpoint({ inherited: 120, absent: 1, differences: [absent('~c')] }))]; // prettier-ignore
    expect(settled(looks)!.endpoints[0]).toMatchObject({ absent: 0, state: 'unsettled' });
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

  it('says how many rows and in which fills', () => {
    const lost = (marker: string, fill: number): Difference => ({ ...missing(marker), fill });
    const endpointNow = endpoint({ missing: 3, differences: [lost('~a', 40), lost('~b', 36), lost('~c', 38)] });
    const values = endpoint({ path: '/values', missing: 1, differences: [lost('#7', 36)] });
    expect(causesOf(look(0, endpointNow, values))[0]!.sentence).toBe(
      '4 rows that the app acknowledged, in fills 36 to 40, are not there.',
    );
    expect(causesOf(look(0, values))[0]!.sentence).toBe('1 row that the app acknowledged, in fill 36, is not there.');
  });
});
