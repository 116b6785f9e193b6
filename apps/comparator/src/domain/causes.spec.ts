import { causesOf } from './causes.js';
import { foundOf, type Difference, type EndpointLook, type FieldOfDifference, type Found, type Look } from './look.js';
import { mistakes } from './mistakes.js';
import { causesFor } from './verdict-causes.js';

const fetched = { url: 'http://a.example/p', status: 200, bodyBytes: 10, totalMs: 1, problem: null };
const paths = { entry: '/api/journal/entries/all', mood: '/api/moods/all', value: '/api/server/values/all', stats: '/api/stats/overview' }; // prettier-ignore
const endpoint = (kind: keyof typeof paths, part: Partial<EndpointLook> = {}): EndpointLook => ({
  ...{ path: paths[kind], label: kind, state: 'judged', baseline: fetched, app: fetched, matched: 4, asked: 12 },
  ...{ missing: 0, changed: 0, doubled: 0, derived: 0, undecided: 0, outside: 0, behindWindow: 0 },
  ...{ window: '', note: null, rules: [], found: [], differences: [], ...part },
});
const look = (second: number, ...endpoints: EndpointLook[]): Look => ({
  ...{ at: new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString(), acknowledged: 12, fillsClosed: 4, endpoints },
});
/** An endpoint of twelve rows that misses those at these places. */
const losing = (kind: keyof typeof paths, ...places: number[]): EndpointLook =>
  endpoint(kind, {
    missing: places.length,
    found: places.map((place): Found => ['missing', `~${kind}${place}`, 1 + Math.floor(place / 4), place]),
  });
const difference = (part: Partial<Difference>): Difference => ({
  ...{ kind: 'changed', marker: '~a', what: '', fill: 3, acknowledgedAt: null, baseline: {}, app: {}, fields: [] },
  ...part,
});
const changing = (kind: keyof typeof paths, ...fields: FieldOfDifference[]): EndpointLook => {
  const differences = fields.map((field, n) => difference({ marker: `~${n}`, fields: [field] }));
  return endpoint(kind, { changed: fields.length, differences, found: differences.map(foundOf) });
};
const field = (path: string, baseline: unknown, app: unknown, kind = 'value'): FieldOfDifference => ({ path, kind, baseline, app }); // prettier-ignore
const figures = (part: Partial<EndpointLook>, ...fields: FieldOfDifference[]): EndpointLook => {
  const differences = fields.map((one) =>
    difference({ kind: 'derived', marker: null, fill: null, what: one.path.split('/').at(-1)!, fields: [one] }),
  );
  return endpoint('stats', { derived: fields.length, differences, found: differences.map(foundOf), ...part });
};
const said = (...looks: Look[]) =>
  causesOf(looks.at(-1)!, looks.slice(0, -1)).map(({ mistake, rows, sentence }) => [mistake!.name, rows, sentence]);

describe('the mistake that lost rows are typical of', () => {
  it.each([
    ['one here and one there', [1, 5, 9], 'acknowledged-before-commit', ''],
    ['the newest ones', [9, 10, 11], 'stale-copy', '; all older ones are'],
    ['the oldest ones', [0, 1, 2, 3], 'missed-backfill', '; all newer ones are'],
    ['some side by side', [4, 5, 6], 'missed-range', '; they stand side by side, and those before and after them are there'], // prettier-ignore
    ['all of them', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 'not-stored', ', and none is'],
    ['two side by side, which may be chance', [4, 5], 'acknowledged-before-commit', ''],
    ['the newest one alone, which may be chance', [11], 'acknowledged-before-commit', ''],
  ])('%s', (_, places, mistake, end) => {
    const [cause] = causesOf(look(0, losing('entry', ...places)));
    expect(cause).toMatchObject({ name: 'lost', rows: places.length, mistake: { name: mistake } });
    expect(cause!.sentence).toMatch(new RegExp(`there${end}\\.$`));
  });

  it('is one for all kinds when one stretch fits them all, though it is one row of some', () => {
    expect(said(look(0, losing('entry', 9, 10, 11), losing('mood', 10, 11), losing('value', 11)))).toEqual([
      ['stale-copy', 6, '6 rows that the app acknowledged, in fill 3, are not there; all older ones are.'],
    ]);
  });

  it('is each its own when none does', () => {
    const causes = said(look(0, losing('entry', 8, 9, 10, 11), losing('mood', 2, 7)));
    expect(causes.map(([mistake, rows]) => [mistake, rows])).toEqual([
      ['stale-copy', 4],
      ['acknowledged-before-commit', 2],
    ]);
  });

  it('is a replica that lags when rows have come between the looks', () => {
    const looks = [look(0, losing('entry', 6, 7, 8, 9, 10, 11)), look(3, losing('entry', 9, 10, 11))];
    expect(said(...looks)[0]![0]).toBe('lagging-replica');
  });

  it('is a key that was given twice where newer rows have the ids, also for a kind of which too few are left to show it', () => {
    const again = { ...losing('entry', 0, 1, 2), keysAgain: { first: 1, last: 3 } };
    expect(said(look(0, again, losing('mood', 0, 1)))).toEqual([
      ['keys-given-twice', 5, '5 rows that the app acknowledged, in fill 1, are not there; newer rows have the ids that were theirs: the numbering has begun again.'], // prettier-ignore
    ]);
    expect(said(look(0, again, losing('mood', 2, 9))).map(([mistake]) => mistake)).toEqual([
      ...['keys-given-twice', 'acknowledged-before-commit'],
    ]);
  });

  it('is two stores where rows come and go by turns, and the figures of either follow from it', () => {
    const total = figures({}, field('/data/total_entries', 9, 6), field('/data/mood_trend', {}, {}));
    const turns = [[1, 3], [2, 4], [1, 3]].map((places, n) => ({ ...look(n * 5, losing('entry', ...places), total), closedFill: 4 })); // prettier-ignore
    expect(causesFor('out-of-sync', turns, null)).toMatchObject([
      {
        ...{ name: 'lost', rows: 2, mistake: { name: 'two-stores' }, follows: ['total_entries', 'mood_trend'] },
        sentence: '2 rows that the app acknowledged, in fill 1, are not there at this look; rows come and go, now these are there and now others.', // prettier-ignore
      },
    ]);
    const found = turns.map((one, n) => (n < 2 ? one : { ...one, endpoints: [endpoint('entry'), total] }));
    expect(causesFor('out-of-sync', found, null)).toMatchObject([{ name: 'derived', mistake: { name: 'two-stores' }, rows: 2 }]); // prettier-ignore
  });

  it('takes a stretch beyond the named rows for one when it is long enough', () => {
    const long = { ...losing('value', 9, 10, 11), missing: 1_000, asked: 1_009 };
    expect(said(look(0, long))[0]![0]).toBe('stale-copy');
    expect(said(look(0, { ...long, asked: 5_000 }))[0]![0]).toBe('missed-range');
  });
});

describe('the mistake that changed rows are typical of', () => {
  it.each([
    [
      'truncated-column',
      field('/text', 'a long text here', 'a long text', 'truncated'),
      'with /text cut at 11 characters',
    ],
    ['retyped-column', field('/number', 7, '7', 'type'), 'with /number text instead of a number'],
    ['dropped-column', field('/mood', 'calm', null), 'with /mood not there'],
    ['rounded-numbers', field('/number', 987_654_321, Math.fround(987_654_321)), 'rounded to 24 bits'],
    ['converted-column', field('/number', 987_654_321, 5), 'another /number than was sent'],
    ['wrong-unit-of-time', field('/created_at', '2026', '1970', 'wrong-unit'), 'with /created_at a thousand times'],
    ['dates-of-the-copy', field('/created_at', '2026', '2027', 'copied'), 'with /created_at of one moment'],
    ['changed-encoding', field('/text', 'the neighbour’s', 'the neighbourâ\u0080\u0099s'), 'in another character set'],
    ['changed-encoding', field('/text', 'tea ☕', 'tea ?'), 'in another character set'],
    ['changed-text', field('/text', 'Rain & sun', 'Rain &amp; sun'), 'with /text escaped'],
    ['changed-text', field('/text', 'Rain', 'rain'), 'in another case'],
    ['changed-text', field('/text', 'é', 'é', 'unicode'), 'in another Unicode form'],
    ['mapped-values', field('/mood', 'calm', 'happy'), 'as other words, calm as happy'],
    ['converted-column', field('/text', 'one thing', 'quite another'), 'with another /text than was sent'],
  ])('%s', (mistake, one, words) => {
    const [cause] = causesOf(look(0, changing('entry', one)));
    expect(cause!.mistake!.name).toBe(mistake);
    expect(cause!.sentence).toContain(words);
  });

  it('is one for texts and notes that are cut at the same length, and leads to the fields of both', () => {
    const cut = (path: string, app: string) => field(path, `${app} and more`, app, 'truncated');
    const one = look(
      0,
      changing('entry', cut('/text', 'twelve chars')),
      changing('mood', cut('/note', '12 character')),
    );
    expect(causesOf(one)).toMatchObject([
      { name: 'changed /text, /note', rows: 2, endpoints: [paths.entry, paths.mood] },
    ]);
  });
});

describe('statistics that do not follow', () => {
  const days = field('/data/last7_days', {}, {});

  it('are cut in another zone, which is named', () => {
    const one = figures({ zone: { first: 330, last: 345 } }, days, field('/data/entries_today', 1, 2));
    expect(said(look(0, one))).toEqual([
      ['time-zone-cast', 2, 'last7_days and entries_today cut days at the midnight of another time zone than UTC: one from UTC+5:30 to UTC+5:45.'], // prettier-ignore
    ]);
  });

  it('are told with the rows that they follow from, and not once more', () => {
    const total = field('/data/total_entries', 'at least 240', 180);
    const trend = field('/data/mood_trend', {}, {});
    const [lost, apart, ...none] = causesOf(look(0, losing('entry', 1, 5), figures({}, total, days, trend)));
    expect(lost).toMatchObject({ name: 'lost', follows: ['total_entries', 'last7_days'] });
    expect(apart).toMatchObject({ mistake: { name: 'statistics-apart' }, rows: 1, follows: [] });
    expect(none).toEqual([]);
  });

  it('tell of rows that are lost behind the window, or come from elsewhere, or are text', () => {
    expect(said(look(0, figures({}, field('/data/total_entries', 'at least 240', 180))))[0]![0]).toBe(
      'missed-backfill',
    );
    expect(said(look(0, figures({}, field('/data/total_entries', 24, 18))))[0]![0]).toBe('statistics-apart');
    expect(said(look(0, figures({}, field('/data/total_entries', 24, '24', 'type'))))).toEqual([
      ['retyped-column', 1, 'total_entries is text instead of numbers.'],
    ]);
  });
});

it('rows that were written only to the baseline are told as that, without naming them', () => {
  const found: Found[] = [['foreign', '~canary', null]];
  expect(causesOf(look(0, endpoint('mood', { foreign: 1, found })))).toMatchObject([
    { name: 'foreign', mistake: { name: 'reads-from-baseline' }, sentence: '1 row is shown that was written only to the baseline.' }, // prettier-ignore
  ]);
});

describe('causes of other verdicts', () => {
  const failing = (failure: string, problem: string) =>
    endpoint('mood', { state: 'app-failed', app: { ...fetched, problem, failure } });

  it.each([
    ['status', 'failing'],
    ['redirect', 'redirecting'],
    ['total-timeout', 'slow'],
    ['shape', 'wrong-shape'],
    ['connect-refused', 'away'],
  ])('an app that cannot be read is named by how: %s is %s', (failure, mistake) => {
    const looks = [0, 3, 10].map((second) => look(second, failing(failure, 'It says so.'), endpoint('entry')));
    expect(causesFor('unreachable', looks, null)).toMatchObject([
      { name: 'unreachable', rows: 0, mistake: { name: mistake }, sentence: 'It says so. At /api/moods/all.', endpoints: [paths.mood] }, // prettier-ignore
    ]);
  });

  it('what came late is told with how late, and where', () => {
    const looks = [look(0, losing('entry', 10, 11), losing('mood', 11)), look(3, endpoint('entry'), endpoint('mood'))];
    expect(causesFor('in-sync', looks, 3_000)).toMatchObject([
      { name: 'late', rows: 3, mistake: { name: 'lagging-replica' }, endpoints: [paths.entry, paths.mood], sentence: '3 rows are there that were not at first: they came up to 3.0 s late.' }, // prettier-ignore
    ]);
    expect(causesFor('in-sync', looks.slice(1), null)).toEqual([]);
    expect(causesFor('pending', looks, null)).toEqual([]);
  });
});

it('every mistake has a title that fits a card, and a hint where to look', () => {
  for (const { title, hint } of Object.values(mistakes)) {
    expect(title.length).toBeLessThan(40);
    expect(hint).toMatch(/^(Look|Answer) .{20,}\.$/);
  }
});
