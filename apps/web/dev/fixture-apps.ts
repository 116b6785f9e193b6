import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';

/**
 * Nine apps as a lab has them on an afternoon: most are fine, each kind of trouble is there once. Every row is what the leaderboard
 * makes of the comparator's events: a second look changes verdict and sentence only, and so does a comparison that failed on our
 * side; their counts are those of the verdict before.
 */

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
  matched: [48, 64, 4, 31][index]!,
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
  [...letters].map((letter) => ({ i: 'in-sync', o: 'out-of-sync', u: 'unreachable', q: 'unknown' })[letter] as Verdict);

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
  sentence: inSync,
  endpoints: endpointsWith(),
  rowsDifferent: 0,
  acknowledged: 143,
  lostAfterAck: 0,
  refused: 0,
  downtime: watched(n),
  recent: history(recentLetters),
  comparedAt: ago(20 + n * 7),
  comparisonId: idOf(100 + n),
  inSyncSince: null,
  joinedAt: ago(7_200 - n * 60),
  traceId: traceOf(n),
  ...part,
});

/** The first was never watched, nor was who has just come; the fourth and the fifth were down for three seconds. */
const watched = (n: number): BoardRow['downtime'] => {
  if (n === 1 || n === 8) return null;
  const isGood = n !== 4 && n !== 5;
  const seen = { windowId: windowIdOf(idOf(n), isGood), at: ago(windowAgo(isGood)) };
  return isGood ? { ...seen, verdict: 'proven', ms: 0 } : { ...seen, verdict: 'violated', ms: 3_004 };
};
export const windowIdOf = (appId: string, isGood: boolean): string =>
  idOf((isGood ? 600 : 700) + (Number.parseInt(appId.slice(-4), 16) % 100));
export const windowAgo = (isGood: boolean): number => (isGood ? 7_300 : 410);

const inSync = 'In sync: of 143 rows that the app acknowledged, all 143 are as they should be.';
export const lookingAgain = 'Something differs; looking again in 7 s before saying so.';
export const notReached = 'Nothing listens on this port: ECONNREFUSED.';
export const answered503 = 'It answered 503 instead of 200.';
export const lossyId = idOf(5);
/** Looked at again just now: nobody may blame it. */
export const lookedAtId = idOf(9);
export const hostileName = '<img src=x onerror="window.hacked=1">';

const faithful = [
  row(1, {
    name: 'Ada Byron',
    team: 'blue',
    url: 'https://ada.example.org',
    recentLetters: 'ooiiiiiiiiiiiiiiiiii',
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
    sentence: 'In sync: of 612 rows that the app acknowledged, all 494 that can still be shown are as they should be.',
    endpoints: endpointsWith({ 0: { matched: 90 }, 1: { matched: 200 }, 3: { matched: 204 } }),
    acknowledged: 612,
    inSyncSince: ago(3_000),
    refused: 9,
  }),
];

const outOfSync = [
  row(4, {
    name: 'Tomás Ortega',
    team: 'green',
    url: 'https://tomas.example.org',
    recentLetters: 'iiiiiooioiiiioooiiio',
    verdict: 'out-of-sync',
    sentence: 'Out of sync: 2 rows changed since fill 38.',
    endpoints: endpointsWith({ 0: { verdict: 'out-of-sync', matched: 46, changed: 2 } }),
    rowsDifferent: 2,
  }),
  row(5, {
    name: 'Kirill Antonov',
    team: 'red',
    url: 'https://kirill.example.org',
    recentLetters: 'iiiiiiiiiiiioooooooo',
    verdict: 'out-of-sync',
    sentence:
      'Out of sync: 14 rows acknowledged, then lost since fill 36; 2 rows doubled since fill 39; statistics that do not follow from the app’s own rows.',
    endpoints: endpointsWith({
      1: { verdict: 'out-of-sync', matched: 50, missing: 14, doubled: 2, outside: 3 },
      2: { verdict: 'out-of-sync', matched: 2, changed: 2 },
    }),
    rowsDifferent: 18,
    lostAfterAck: 14,
  }),
];

const notJudged = [
  row(6, {
    name: 'Zeynep Aydın, with a name as long as names are ever allowed to',
    url: 'https://a-rather-long-host-name-for-an-app.students.university.example.edu:8443',
    recentLetters: 'iiiiiiuuu',
    verdict: 'unreachable',
    sentence: `Unreachable: the app could not be read. ${answered503}`,
    endpoints: endpointsWith({
      0: { verdict: 'unreachable', matched: 0, note: answered503 },
      1: { verdict: 'unreachable', matched: 0, note: answered503 },
      2: { verdict: 'unreachable', matched: 0, note: answered503 },
      3: { verdict: 'unreachable', matched: 0, note: answered503 },
    }),
    refused: 36,
  }),
  row(7, {
    name: hostileName,
    rank: 8,
    team: '"><script>window.hacked=1</script>',
    url: 'javascript:window.hacked=1',
    recentLetters: 'iooq',
    verdict: 'unknown',
    sentence: `Unknown, the baseline’s side: ${notReached} It costs the app nothing.`,
    endpoints: endpointsWith({ 1: { verdict: 'out-of-sync', matched: 60, missing: 4 } }),
    rowsDifferent: 4,
    lostAfterAck: 4,
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
  row(9, {
    name: 'Ivo Marić',
    team: 'blue',
    rank: 7,
    recentLetters: 'iiiiiiioiioi',
    verdict: 'pending',
    sentence: lookingAgain,
    endpoints: endpointsWith({ 3: { verdict: 'out-of-sync', matched: 28, missing: 3 } }),
    rowsDifferent: 3,
    lostAfterAck: 3,
  }),
];

export const fixtureApps = (): BoardRow[] => structuredClone([...faithful, ...outOfSync, ...notJudged]);

/** A full hall: the nine, and others like the first of them. */
export const manyApps = (total: number): BoardRow[] => {
  const more = Array.from({ length: Math.max(0, total - 9) }, (_, index) =>
    row(1_000 + index, {
      name: `Student ${index + 10}`,
      team: ['blue', 'red', 'green', null][index % 4]!,
      rank: 9 + index,
      recentLetters: 'iiiiiiiiiiii',
      comparedAt: ago(30 + (index % 90)),
      comparisonId: idOf(2_000 + index),
    }),
  );
  return [...fixtureApps(), ...more];
};
