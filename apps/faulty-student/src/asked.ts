export const writeKinds = ['entry', 'mood', 'value'] as const;
export const readKinds = ['entries', 'moods', 'values', 'stats'] as const;
export type WriteKind = (typeof writeKinds)[number];
export type ReadKind = (typeof readKinds)[number];

/** The doors of the reference app, with the aliases that its ingress gives them. All else only passes through. */
const writeDoors: readonly (readonly [RegExp, WriteKind])[] = [
  [/^\/api\/(journal|entries)\/?entries\/?$/i, 'entry'],
  [/^\/api\/server\/?entries\/?$/i, 'entry'],
  [/^\/api\/moods(\/?moods)?\/?$/i, 'mood'],
  [/^\/api\/server\/?values\/?$/i, 'value'],
];
const readDoors: readonly (readonly [RegExp, ReadKind])[] = [
  [/^\/api\/(journal|entries|server)\/?entries\/all\/?$/i, 'entries'],
  [/^\/api\/moods(\/?moods)?\/?all\/?$/i, 'moods'],
  [/^\/api\/server\/?values\/all\/?$/i, 'values'],
  [/^\/api\/stats(\/?stats)?\/?overview\/?$/i, 'stats'],
];

/**
 * The path and query of a request target. A target may also name a host, whole (`http://host/path`) or as `//host/path`, which a
 * URL resolves to another place: here there is only one place, so the host goes.
 */
export const pathOf = (target: string): string =>
  target
    .replace(/^https?:\/\/[^/?#]*/i, '')
    .replace(/^\/{2,}/, '/')
    .replace(/^(?![/*])/, '/');

/** Which of the faults' subjects a request is about, if any. */
export function askedFor(method: string, url: string): { write?: WriteKind; read?: ReadKind } {
  const path = url.replace(/[?#].*$/s, '').replace(/\/{2,}/g, '/');
  const among = <Kind>(doors: readonly (readonly [RegExp, Kind])[]) => doors.find(([door]) => door.test(path))?.[1];
  if (method === 'POST') return { write: among(writeDoors) };
  return method === 'GET' ? { read: among(readDoors) } : {};
}

/** The widest listing of each kind, and how many rows it has when nobody asks for a number. */
export const listings: Readonly<Record<ReadKind, { path: string; rowsUsual: number; rowsMax: number }>> = {
  entries: { path: '/api/journal/entries/all?limit=200', rowsUsual: 50, rowsMax: 200 },
  moods: { path: '/api/moods/all?limit=100', rowsUsual: 30, rowsMax: 100 },
  values: { path: '/api/server/values/all', rowsUsual: Infinity, rowsMax: Infinity },
  stats: { path: '/api/stats/overview', rowsUsual: 0, rowsMax: 0 },
};

/** How many rows `url` asks for; the door of the old server knows no number but the usual one. */
export function rowsAsked(kind: ReadKind, url: string): number {
  const { rowsUsual, rowsMax } = listings[kind];
  const limit = /^\/api\/server/i.test(url) ? null : new URL(url, 'http://app').searchParams.get('limit');
  return Math.min(rowsMax, Math.max(1, Number.parseInt(String(limit), 10) || rowsUsual));
}
