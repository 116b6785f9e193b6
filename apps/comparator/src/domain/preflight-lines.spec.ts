import { endpoints } from './endpoints.js';
import type { Difference, EndpointLook, Fetched } from './look.js';
import { linesOfOurFailure, preflightLines } from './preflight-lines.js';
import type { PreflightRead } from './preflight-seen.js';
import { preflightCheck, preflightLine, type PreflightCheck } from '#libs/contracts/src/preflight.js';

// Goal: each way in which an app may answer, or not, is told at the line where it belongs; what is ours is never the app's.
const url = 'https://app.example.org';
const asked = Date.parse('2026-11-26T10:00:00.300Z');
const date = (ms: number) => new Date(Math.floor((asked + ms) / 1_000) * 1_000).toISOString();

interface Case extends Partial<Fetched> {
  readonly failed?: 'theirs' | 'ours';
  readonly fix?: string;
  readonly clock?: string | null;
}
const readOf = (path: string, { failed, fix, clock = date(0), ...fetched }: Case = {}): PreflightRead => {
  const endpoint = endpoints.find((one) => one.path === path)!;
  const asRead = { url: `${url}${endpoint.request}`, status: 200, bodyBytes: 9, totalMs: 12.4, problem: null };
  return {
    ...{ endpoint, askedAt: asked, answeredAt: asked + 12, fetched: { ...asRead, ...fetched } },
    ...{ failed: failed ?? null, fix: fix ?? null, clock: failed ? null : clock },
  };
};
const lookOf = ({ endpoint, fetched, failed }: PreflightRead, more: Partial<EndpointLook> = {}): EndpointLook => ({
  ...{ path: endpoint.path, label: endpoint.label, baseline: fetched, app: fetched, window: '', note: null },
  state: failed === null ? 'judged' : failed === 'ours' ? 'our-fault' : 'app-failed',
  ...{ matched: 0, missing: 0, changed: 0, doubled: 0, derived: 0, undecided: 0, outside: 48, behindWindow: 0 },
  ...{ rules: [], found: [], differences: [] },
  ...more,
});

interface Scene {
  readonly url: string;
  readonly all: Case;
  readonly reads: Readonly<Record<string, Case>>;
  readonly looks: Readonly<Record<string, Partial<EndpointLook>>>;
  readonly compared: readonly string[];
}
const pathOf = { moods: '/api/moods/all', entries: '/api/journal/entries/all', stats: '/api/stats/overview', values: '/api/server/values/all' }; // prettier-ignore
type Name = keyof typeof pathOf;
const seen = ({
  all = {},
  reads = {},
  looks = {},
  compared = Object.keys(pathOf),
  url: given = url,
}: Partial<Scene>) => {
  const names = compared as Name[];
  const read = names.map((name) => readOf(pathOf[name], { ...all, ...reads[name] }));
  return { url: given, reads: read, looks: read.map((one, i) => lookOf(one, looks[names[i]!])) };
};
const tell = (scene: Partial<Scene> = {}) => {
  const { lines, isReadable } = preflightLines(seen(scene));
  const of = (check: PreflightCheck) => lines.find((line) => line.check === check)!;
  return { lines, isReadable, of, states: lines.map(({ state }) => state).join(' ') };
};
const refused = (failure: string, more: Case = {}): Case => ({
  ...{ failed: 'theirs', failure, status: null, problem: `No: ${failure}.`, fix: `Fix ${failure}.` },
  ...more,
});
const ours = (failure: string): Case => ({ ...refused(failure), failed: 'ours' });
const difference = (what: string, baseline: unknown, app: unknown, kind = 'value'): Difference => ({
  ...{ kind: 'derived', marker: null, what, fill: null, acknowledgedAt: null, baseline: null, app: null },
  fields: [{ path: `/data/${what}`, kind, baseline, app }],
});

describe('the lines of a pre-flight', () => {
  it('say of a faithful app that all is as it should be, in the order of the contract', () => {
    const { lines, isReadable, states, of } = tell();
    expect([states, isReadable]).toEqual([Array(8).fill('passed').join(' '), true]);
    expect(lines.map(({ check }) => check)).toEqual(preflightCheck.options.filter((check) => check !== 'write'));
    expect(lines.every((line) => line.next === null)).toBe(true);
    expect(of('address').sentence).toBe('We read it as https://app.example.org.');
    expect(of('name').sentence).toBe('DNS knows app.example.org.');
    expect(of('answers')).toMatchObject({ sentence: 'It answers, and does not send us elsewhere.', ms: 12 });
    expect(of('moods')).toMatchObject({ sentence: 'It answered 200 in 12 ms: 48 rows.', ms: 12 });
    expect(of('stats').sentence).toBe('It answered 200 in 12 ms: its figures follow from its own rows.');
    expect(tell({ url: 'http://[::1]:8101' }).of('name').sentence).toContain('no name to look up');
  });

  it.each([
    ['address-not-public', 'failed skipped skipped'],
    ['port', 'failed skipped skipped'],
    ['dns-not-found', 'passed failed skipped'],
    ['dns-failed', 'passed failed skipped'],
    ['connect-refused', 'passed passed failed'],
    ['connect-timeout', 'passed passed failed'],
    ['tls', 'passed passed failed'],
    ['headers-timeout', 'passed passed failed'],
    ['bad-http', 'passed passed failed'],
    ['a code of tomorrow', 'passed passed failed'],
  ])(
    'of %s everywhere: it is told where it belongs, with what to do, and nothing after it was looked at',
    (code, way) => {
      const { states, lines, isReadable } = tell({ all: refused(code) });
      expect([states, isReadable]).toEqual([`${way}${' skipped'.repeat(5)}`, false]);
      expect(lines.find(({ state }) => state === 'failed')).toMatchObject({ sentence: `No: ${code}.`, next: `Fix ${code}.` }); // prettier-ignore
    },
  );

  it.each([
    ['busy', 'passed unknown unknown'],
    ['stalled', 'passed unknown unknown'],
    ['aborted', 'passed unknown unknown'],
    ['dns-down', 'passed unknown unknown'],
    ['no-route', 'passed passed unknown'],
  ])('of %s, which is ours: it is unknown, also where the app failed beside it', (code, way) => {
    for (const reads of [{}, { values: refused('connect-refused') }] as Scene['reads'][]) {
      const { states, isReadable, lines } = tell({ all: ours(code), reads });
      expect([states, isReadable]).toEqual([`${way}${' unknown'.repeat(5)}`, false]);
      expect(lines.find(({ state }) => state === 'unknown')!.sentence).toBe(`Our side failed: No: ${code}.`);
    }
  });

  it('of several failures on the way: the one that came furthest, as the way is open up to there', () => {
    const { of } = tell({ all: refused('dns-failed'), reads: { values: refused('tls') } });
    expect([of('name').state, of('answers').sentence]).toEqual(['passed', 'No: tls.']);
  });

  it('of one endpoint that fails: only that line, and the app cannot be compared', () => {
    const status = { failed: 'theirs', failure: 'status', status: 503, problem: 'It answered 503 instead of 200.' } as const; // prettier-ignore
    const { states, isReadable, of } = tell({ reads: { moods: status } });
    expect([states, isReadable]).toEqual(['passed passed passed failed passed passed passed passed', false]);
    expect(of('moods')).toMatchObject({ sentence: 'It answered 503 instead of 200.', next: 'Look into the log of the app for this request.' }); // prettier-ignore
    const fixOf = (code: number) => tell({ reads: { moods: { ...status, status: code } } }).of('moods').next;
    expect([404, 403, 429, 204].map(fixOf)).toEqual(['check what stands before /api', 'without signing in', 'as often as we do', 'with 200.'].map((part) => expect.stringContaining(part))); // prettier-ignore
    expect(tell({ reads: { moods: refused('connect-refused') } }).of('moods')).toMatchObject({ state: 'failed', sentence: 'No: connect-refused.', next: 'Fix connect-refused.' }); // prettier-ignore
    expect(tell({ reads: { moods: ours('busy') } }).of('moods').state).toBe('unknown');
  });

  it('of another shape: what is wrong, and what the endpoint gives', () => {
    for (const [name, field] of [
      ['moods', '"note"'],
      ['entries', '"text"'],
      ['values', '"number"'],
      ['stats', '"last7_days"'],
    ] as const) {
      // prettier-ignore
      const app = { ...readOf(pathOf[name]).fetched, problem: 'It answered 200, but not with rows.', failure: 'shape' };
      const { of, isReadable } = tell({ looks: { [name]: { state: 'app-failed', app } } });
      expect([of(name), isReadable]).toEqual([expect.objectContaining({ state: 'failed', sentence: app.problem, next: expect.stringContaining(field) }), false]); // prettier-ignore
    }
  });

  it('of a redirect: where it leads, without what may be secret in it, and the address to give', () => {
    const to = (leadsTo: string): Case => ({
      failed: 'theirs',
      failure: 'redirect',
      status: 301,
      problem: 'x',
      leadsTo,
    });
    const everywhere = tell({ all: to('https://www.example.org/app/api/moods/all?limit=100&key=secret') });
    expect(everywhere.states).toBe(`passed passed failed${' skipped'.repeat(5)}`);
    expect(everywhere.of('answers')).toMatchObject({
      sentence: 'It answers with a redirect to https://www.example.org/app/api/moods/all, which we never follow.',
      next: 'Give the address that it leads to: https://www.example.org/app',
    });
    const one = tell({ reads: { moods: to('/login?next=secret') } });
    expect(one.of('answers').state).toBe('passed');
    expect(one.of('moods')).toMatchObject({
      sentence: 'It answers with a redirect to https://app.example.org/login, which we never follow.',
      next: 'Answer /api/moods/all itself, without a redirect.',
    });
    for (const nowhere of ['', 'javascript:alert(1)', '/api/moods/all?again'])
      expect(tell({ reads: { moods: to(nowhere) } }).of('moods').next).toContain('Answer /api/moods/all itself');
    expect(JSON.stringify([everywhere.lines, one.lines])).not.toContain('secret');
  });

  it('of an answer that goes on for long: a warning, as a comparison waits for it, and no more is known', () => {
    const { of, isReadable } = tell({ reads: { moods: refused('total-timeout', { status: 200, totalMs: 5_512 }) } });
    expect([of('moods').state, isReadable]).toEqual(['warned', false]);
    expect(of('moods').sentence).toContain('not complete after 5.5 s');
    expect(tell({ all: refused('total-timeout') }).of('answers').state).toBe('failed');
  });

  it('of more rows than were asked for: nothing is wrong with that', () => {
    const sentenceOf = (outside: number) => tell({ looks: { moods: { outside } } }).of('moods');
    expect(sentenceOf(1_204)).toMatchObject({ state: 'passed', sentence: 'It answered 200 in 12 ms: 1,204 rows, more than the 100 that we asked for, which is fine.' }); // prettier-ignore
    expect([0, 1, 100].map((rows) => sentenceOf(rows).sentence.split(': ')[1])).toEqual(['0 rows.', '1 row.', '100 rows.']); // prettier-ignore
  });

  it('of figures that do not follow: a warning that names them', () => {
    const differences = [difference('total_entries', 10, 12), difference('last7_days', { a: 1 }, { a: 2 }), difference('entries_today', 3, '3', 'type')]; // prettier-ignore
    const { of, isReadable } = tell({ looks: { stats: { differences, derived: 3 } } });
    expect([of('stats').state, isReadable]).toEqual(['warned', true]);
    expect(of('stats').sentence).toContain('total_entries (12, by its rows 10), last7_days and entries_today (text where numbers belong).'); // prettier-ignore
    expect(of('stats').next).toContain('out of sync');
    const zone = { first: 60, last: 60 };
    expect(tell({ looks: { stats: { differences, zone } } }).of('stats').next).toContain('another time zone');
    expect(tell({ looks: { stats: { note: 'last7_days is not judged now: …' } } }).of('stats').sentence).toContain('those that can be judged now'); // prettier-ignore
  });

  it.each([
    ['to the second', 0, 'passed', 'agrees'],
    ['ahead by little', 2_500, 'passed', 'agrees'],
    ['behind by little', -2_000, 'passed', 'agrees'],
    ['ahead', 4_800, 'warned', '5 s ahead of ours: rows written around midnight'],
    ['behind', -61_000, 'warned', '60 s behind ours'],
    ['ahead by minutes', 300_000, 'warned', '5 min ahead of ours: its statistics of days are not judged.'],
    ['behind by days', -5 * 86_400_000, 'warned', '5 days behind'],
  ])('of a clock that is %s', (_, off, state, sentence) => {
    expect(tell({ all: { clock: date(off) } }).of('clock')).toMatchObject({ state, sentence: expect.stringContaining(sentence) }); // prettier-ignore
  });

  it('of a clock by the answer that agrees best, as others may come out of a cache, and of none that it cannot be judged', () => {
    const cached = tell({ all: { clock: date(-900_000) }, reads: { values: { clock: date(0) } } });
    expect(cached.of('clock').state).toBe('passed');
    expect(tell({ all: { clock: null } }).of('clock')).toMatchObject({ state: 'warned', sentence: expect.stringContaining('no Date header') }); // prettier-ignore
    const status = { failed: 'theirs', failure: 'status', status: 500, problem: 'x' } as const;
    expect(tell({ all: status }).of('clock').state).toBe('skipped');
  });

  it('leave out what this lab does not compare, and go by the rest', () => {
    const { states, isReadable } = tell({ compared: ['moods', 'entries'] });
    expect([states, isReadable]).toEqual(['passed passed passed passed passed skipped skipped passed', true]);
  });

  it('say of what our side could not look at that it says nothing about the app', () => {
    const { lines, isReadable } = linesOfOurFailure(url, 'the judge is lost');
    expect([lines.map(({ state }) => state).join(' '), isReadable]).toEqual([`passed${' unknown'.repeat(7)}`, false]);
    expect(lines[1]).toMatchObject({ sentence: 'Our side failed: the judge is lost', next: expect.stringContaining('nothing about the app') }); // prettier-ignore
  });

  it('are as the contract and a database want them, whatever an app says and however long', () => {
    const long = `${'x'.repeat(600)}\0\ud800`;
    const scenes: Partial<Scene>[] = [
      { url: `${url}/${'y'.repeat(470)}`, all: refused('tls', { problem: long, fix: long }) },
      { all: { failed: 'theirs', failure: 'redirect', status: 302, leadsTo: `https://a.example/${'z'.repeat(900)}` } },
      { all: { status: 200 }, looks: { stats: { differences: Array.from({ length: 90 }, () => difference('mood\0', long, 7)) } } }, // prettier-ignore
    ];
    for (const { lines } of scenes.map(tell)) {
      expect(lines.map((line) => preflightLine.parse(line))).toEqual(lines);
      expect(JSON.stringify(lines)).not.toMatch(/\\u0000|\\ud800/);
    }
  });
});
