import type { WriteKind } from '#libs/contracts/src/filler.js';
import type { Rule, Shape } from '#libs/parity/src/shape.js';

/** One compared endpoint: where it is, how many rows it can show, and how its bodies are read. */
export interface Endpoint {
  readonly path: string;
  readonly label: string;
  /** With the widest window asked for. */
  readonly request: string;
  readonly kind: WriteKind | 'stats';
  /** Rows that it shows at most, newest first: with the widest window asked for, and without. Null: all. */
  readonly window: { readonly widest: number; readonly usual: number } | null;
  /** A body with more rows is refused: it costs its reader time, and no window needs them. */
  readonly rowsMax: number;
  readonly bodyBytesMax: number;
  readonly shape: Shape;
}

const mebibyte = 1024 * 1024;
/** An app that shows more than was asked for is read all the same, up to here. */
const windowRowsMax = 20_000;
const allRowsMax = 200_000;

const ignore = (name: string, path: string, reason: string): Rule => ({ name, path, reason, mode: 'ignore' });
const ownId = ignore('own id', '/id', 'Each app numbers its rows itself.');
const ownClock = ignore('own clock', '/created_at', 'Each app stamps its rows by its own clock.');
const driverMetadata = (path: string): Rule =>
  ignore(`database driver: ${path.slice(1)}`, path, 'Describes the database connection, not the data.');

const listOf = (field: string): Shape => ({
  rows: '/rows',
  order: 'set',
  identity: { kind: 'marker', path: field },
  key: [],
  rules: [ownId, ownClock],
  outside: [],
});

/**
 * Whether a list of this length may have more rows behind it. An app that does not know `?limit=` shows its usual number, so
 * exactly that many rows count as full too: then rows behind are looked for in the totals only.
 */
export const isFull = ({ window }: Endpoint, rows: number): boolean =>
  window !== null && (rows >= window.widest || rows === window.usual);

/** Every endpoint that can be judged, in the order in which it is shown. */
export const endpoints: readonly Endpoint[] = [
  {
    path: '/api/moods/all',
    label: 'Moods',
    request: '/api/moods/all?limit=100',
    kind: 'mood',
    window: { widest: 100, usual: 30 },
    rowsMax: windowRowsMax,
    bodyBytesMax: 16 * mebibyte,
    shape: listOf('/note'),
  },
  {
    path: '/api/journal/entries/all',
    label: 'Entries',
    request: '/api/journal/entries/all?limit=200',
    kind: 'entry',
    window: { widest: 200, usual: 50 },
    rowsMax: windowRowsMax,
    bodyBytesMax: 16 * mebibyte,
    shape: listOf('/text'),
  },
  {
    path: '/api/stats/overview',
    label: 'Stats',
    request: '/api/stats/overview',
    kind: 'stats',
    window: null,
    rowsMax: 1,
    bodyBytesMax: mebibyte,
    shape: { rows: null, order: 'set', identity: null, key: [], rules: [], outside: [] },
  },
  {
    path: '/api/server/values/all',
    label: 'Values',
    request: '/api/server/values/all',
    kind: 'value',
    window: null,
    rowsMax: allRowsMax,
    bodyBytesMax: 16 * mebibyte,
    shape: {
      rows: '/rows',
      order: 'set',
      identity: { kind: 'number', path: '/number' },
      key: [],
      rules: [],
      outside: [
        ...['/command', '/rowCount', '/oid', '/fields', '/_parsers', '/_types', '/RowCtor', '/rowAsArray'],
        '/_prebuiltEmptyResultObject',
      ].map(driverMetadata),
    },
  },
];

/** The endpoints that a lab compares; throws a sentence that lists what can be judged. None at all would find everybody in sync. */
export function chooseEndpoints(paths: readonly string[]): Endpoint[] {
  const choice = `choose among ${endpoints.map((endpoint) => endpoint.path).join(', ')}`;
  const unknown = paths.filter((path) => !endpoints.some((endpoint) => endpoint.path === path));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')} cannot be judged; ${choice}`);
  if (paths.length === 0) throw new Error(`names no endpoint; ${choice}`);
  return endpoints.filter((endpoint) => paths.includes(endpoint.path));
}
