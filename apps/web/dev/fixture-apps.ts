import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/** Eight apps as a lab has them on an afternoon: most are fine, each kind of trouble is there once. */

export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const traceOf = (n: number): string => n.toString(16).padStart(32, '4bf92f3577b34da6');
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();

export const endpointPaths = [
  { path: '/api/moods/all', label: 'Moods' },
  { path: '/api/journal/entries/all', label: 'Entries' },
  { path: '/api/stats/overview', label: 'Stats' },
  { path: '/api/server/values/all', label: 'Values' },
] as const;

type Counts = Partial<Omit<EndpointParity, 'path' | 'label'>>;

const endpoint = (index: number, counts: Counts): EndpointParity => ({
  ...endpointPaths[index]!,
  verdict: 'in-sync',
  matched: [48, 64, 1, 31][index]!,
  missing: 0,
  changed: 0,
  doubled: 0,
  outside: 0,
  note: null,
  ...counts,
});

/** Four endpoints; those named differ from a faithful app's. */
export const endpointsWith = (counts: Partial<Record<number, Counts>> = {}): EndpointParity[] =>
  [0, 1, 2, 3].map((index) => endpoint(index, counts[index] ?? {}));

const history = (letters: string): Verdict[] =>
  [...letters].map(
    (letter) => ({ i: 'in-sync', o: 'out-of-sync', p: 'pending', u: 'unreachable', q: 'unknown' })[letter] as Verdict,
  );

interface Standing extends Partial<BoardRow> {
  name: string;
  recentLetters: string;
}

const row = (n: number, { recentLetters, ...part }: Standing): BoardRow => ({
  appId: idOf(n),
  team: null,
  url: `https://app-${n}.example.org`,
  rank: n,
  verdict: 'in-sync',
  sentence: 'In sync on all 4 endpoints: 143 rows are as they should be.',
  endpoints: endpointsWith(),
  rowsDifferent: 0,
  acknowledged: 143,
  lostAfterAck: 0,
  refused: 0,
  recent: history(recentLetters),
  comparedAt: ago(20 + n * 7),
  comparisonId: idOf(100 + n),
  inSyncSince: null,
  joinedAt: ago(7_200 - n * 60),
  traceId: traceOf(n),
  ...part,
});

export const lossyId = idOf(5);
export const hostileName = '<img src=x onerror="window.hacked=1">';

const apps: readonly BoardRow[] = [
  row(1, {
    name: 'Ada Byron',
    team: 'blue',
    url: 'https://ada.example.org',
    recentLetters: 'oopiiiiiiiiiiiiiiiii',
    inSyncSince: ago(6_000),
  }),
  row(2, {
    name: 'Grace Murray',
    team: 'red',
    url: 'http://grace.example.net:8080',
    rank: 1,
    recentLetters: 'iiiiiiiiiiiiiii',
    inSyncSince: ago(6_900),
  }),
  row(3, {
    name: 'Mei-Lin Chou',
    url: 'https://journal.meilin.example',
    recentLetters: 'iiiuuiiiiiiiiiiiiiii',
    inSyncSince: ago(3_000),
    refused: 9,
  }),
  row(4, {
    name: 'Tomás Ortega',
    team: 'green',
    url: 'https://tomas.example.org',
    recentLetters: 'iiiiiooioiiiioooiiio',
    verdict: 'out-of-sync',
    sentence: 'Out of sync on 1 of 4 endpoints: 2 moods show another note than was written.',
    endpoints: endpointsWith({ 0: { verdict: 'out-of-sync', matched: 46, changed: 2 } }),
    rowsDifferent: 2,
  }),
  row(5, {
    name: 'Kirill Antonov',
    team: 'red',
    url: 'https://kirill.example.org',
    recentLetters: 'iiiiiiiiiiiioooooooo',
    verdict: 'out-of-sync',
    sentence: 'Out of sync: 14 entries are missing since 10:02, all of them acknowledged.',
    endpoints: endpointsWith({
      1: {
        verdict: 'out-of-sync',
        matched: 48,
        missing: 14,
        doubled: 2,
        outside: 3,
        note: 'Three rows are not ours; they count for nothing.',
      },
      2: { verdict: 'out-of-sync', matched: 0, changed: 1, note: 'Follows from the missing entries.' },
    }),
    rowsDifferent: 17,
    lostAfterAck: 14,
  }),
  row(6, {
    name: 'Zeynep Aydın, with a name that is as long as names are allowed to',
    url: 'https://a-rather-long-host-name-for-an-app.students.university.example.edu:8443',
    recentLetters: 'iiiiiiuuu',
    verdict: 'unreachable',
    sentence: 'Your app answered 503 three times; nothing was lost on our side.',
    endpoints: endpointsWith({
      0: { verdict: 'unreachable', matched: 0, note: 'HTTP 503 after 41 ms' },
      1: { verdict: 'unreachable', matched: 0, note: 'HTTP 503 after 38 ms' },
      2: { verdict: 'unreachable', matched: 0, note: 'HTTP 503 after 44 ms' },
      3: { verdict: 'unreachable', matched: 0, note: 'HTTP 503 after 39 ms' },
    }),
    refused: 36,
  }),
  row(7, {
    name: hostileName,
    team: '"><script>window.hacked=1</script>',
    url: 'javascript:window.hacked=1',
    recentLetters: 'iiq',
    verdict: 'unknown',
    sentence: 'The baseline did not answer in time, so nothing was judged. It costs the app nothing.',
    endpoints: endpointsWith({
      0: { verdict: 'unknown' },
      1: { verdict: 'unknown' },
      2: { verdict: 'unknown' },
      3: { verdict: 'unknown' },
    }),
  }),
  row(8, {
    name: 'Noor Haddad',
    url: 'https://noor.example.com',
    rank: null,
    recentLetters: '',
    verdict: 'pending',
    sentence: 'Not compared yet.',
    endpoints: [],
    acknowledged: 0,
    comparedAt: null,
    comparisonId: null,
    traceId: null,
    joinedAt: ago(12),
  }),
];

export const fixtureApps = (): BoardRow[] => structuredClone([...apps]);
