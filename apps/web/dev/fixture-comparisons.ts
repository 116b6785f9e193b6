import type { ComparisonDetail, ComparisonSummary, EndpointDetail } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ago, answered503, notReached } from './fixture-apps.js';
import { causesOf, differencesAt } from './fixture-differences.js';

/** Comparisons as the comparator shows them (`toDetail`). */

export const summaryOf = (row: BoardRow, part: Partial<ComparisonSummary> = {}): ComparisonSummary => ({
  comparisonId: row.comparisonId!,
  batchId: '00000000-0000-4000-8000-000000000900',
  appId: row.appId,
  appName: row.name,
  trigger: 'schedule',
  state: 'done',
  verdict: row.verdict,
  sentence: row.sentence,
  requestedAt: row.comparedAt ?? ago(30),
  computedAt: row.comparedAt,
  traceId: row.traceId,
  ...(row.override && { override: row.override }),
  ...part,
});

const requests: Record<string, string> = {
  '/api/moods/all': '/api/moods/all?limit=100',
  '/api/journal/entries/all': '/api/journal/entries/all?limit=200',
};
const driverFields = ['command', 'rowCount', 'oid', 'fields', '_parsers', '_types', 'RowCtor', 'rowAsArray'];

function rulesOf(path: string, rows: number): EndpointDetail['rules'] {
  if (path.includes('/stats/')) return [];
  if (path.includes('/values/'))
    return driverFields.map((field) => ({
      name: `database driver: ${field}`,
      reason: 'Describes the database connection, not the data.',
      hits: field === 'fields' ? 1 : 0,
    }));
  return [
    { name: 'own id', reason: 'Each app numbers its rows itself.', hits: rows },
    { name: 'own clock', reason: 'Each app stamps its rows by its own clock.', hits: rows },
  ];
}

function windowOf({ path, matched, missing, changed }: BoardRow['endpoints'][number], isWindowed: boolean): string {
  if (path.includes('/stats/')) return 'the figures that follow from its own entries and moods';
  const rows = matched + missing + changed;
  const isBehind = isWindowed && !path.includes('/values/');
  return isBehind
    ? `the newest ${rows} of 204 rows that it acknowledged since it joined; older ones are behind the window`
    : `all ${rows} rows that the app acknowledged since it joined`;
}

/** One endpoint of one look. An endpoint that could not be read has no window, no rules and no rows. */
function detail(endpoint: BoardRow['endpoints'][number], row: BoardRow): EndpointDetail {
  const request = requests[endpoint.path] ?? endpoint.path;
  const isAppDown = endpoint.verdict === 'unreachable';
  const isBaselineDown = endpoint.verdict === 'unknown';
  const isRead = !isAppDown && !isBaselineDown;
  const shown: EndpointDetail = {
    ...endpoint,
    baseline: {
      url: `http://127.0.0.1:9001${request}`,
      ...(isBaselineDown
        ? { status: null, bodyBytes: 0, totalMs: 1.3, problem: notReached }
        : { status: 200, bodyBytes: 18_204, totalMs: 23.4, problem: null }),
    },
    app: {
      url: `${row.url}${request}`,
      ...(isAppDown
        ? { status: 503, bodyBytes: 59, totalMs: 4.4, problem: answered503 }
        : { status: 200, bodyBytes: 14_377, totalMs: 61.8, problem: null }),
    },
    explained:
      isRead && !endpoint.path.includes('/stats/') && !endpoint.path.includes('/values/') ? endpoint.matched : 0,
    window: isRead ? windowOf(endpoint, row.acknowledged > 143) : '',
    rules: isRead ? rulesOf(endpoint.path, endpoint.matched) : [],
    differences: [],
    differencesTotal: endpoint.missing + endpoint.changed + endpoint.doubled,
  };
  return { ...shown, differences: differencesAt(shown) };
}

/** The newest look at an app whose board row is known. A failed one saw nothing; its row still has the counts before it. */
export function detailOf(row: BoardRow, part: Partial<ComparisonSummary> = {}): ComparisonDetail {
  const isUnknown = row.verdict === 'unknown';
  const seen = isUnknown ? row.endpoints.map(({ path, label }) => ({ ...unseen, path, label })) : row.endpoints;
  const endpoints = seen.map((endpoint) => detail(endpoint, row));
  return {
    ...summaryOf(row, part),
    appUrl: row.url,
    baselineUrl: 'http://127.0.0.1:9001',
    rulesVersion: 2,
    looks: row.verdict === 'in-sync' ? 1 : 3,
    acknowledged: row.verdict === 'unreachable' ? 0 : row.acknowledged,
    lostAfterAck: endpoints.reduce((sum, endpoint) => sum + endpoint.missing, 0),
    causes: row.verdict === 'out-of-sync' ? causesOf(endpoints) : row.verdict === 'unreachable' ? [failing(endpoints)] : [], // prettier-ignore
    endpoints,
  };
}

const failing = (endpoints: readonly EndpointDetail[]): ComparisonDetail['causes'][number] => ({
  name: 'unreachable',
  sentence: `${answered503} At ${endpoints.map(({ path }) => path).join(', ')}.`,
  rows: 0,
  endpoints: endpoints.map(({ path }) => path),
  hint: 'Look into the app’s log for the error that it answers instead of the rows.',
  mistake: { name: 'failing', title: 'Answers an error' },
  follows: [],
});

const unseen = {
  ...{ verdict: 'unknown' as const, matched: 0, missing: 0, changed: 0, doubled: 0, outside: 0 },
  note: notReached,
};

/** A comparison that is being looked at again: its first look saw something, and nobody may be blamed for it yet. */
export const underWay = (row: BoardRow): ComparisonDetail => ({
  ...detailOf(row, { state: 'second-look', verdict: 'pending', requestedAt: ago(5), computedAt: null, traceId: null }),
  ...{ looks: 1, causes: [] },
});
