import type {
  ComparisonDetail,
  ComparisonSummary,
  EndpointDetail,
  RowDifference,
} from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ago, hostileName, lossyId } from './fixture-apps.js';

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
  ...part,
});

const marker = (index: number): string => `lk${(0x5a3f1 + index * 7_919).toString(36)}`;

const entry = (index: number) => ({
  id: 812 + index,
  text: `Walked to the harbour and back. ${marker(index)}`,
  created_at: ago(900 - index * 9),
});

const missing = (index: number): RowDifference => ({
  kind: 'missing',
  marker: marker(index),
  acknowledgedAt: ago(900 - index * 9),
  fill: 36 + Math.floor(index / 3),
  baseline: entry(index),
  app: null,
  fields: [],
  sentence: `The entry ${marker(index)} was acknowledged and is not there any more.`,
});

const changed: RowDifference = {
  kind: 'changed',
  marker: marker(40),
  acknowledgedAt: ago(700),
  fill: 38,
  baseline: { id: 77, mood: 'calm', note: `After the rain, very quiet ${marker(40)}`, created_at: ago(700) },
  app: { id: 71, mood: 'calm', note: `After the rain, very quie? ${hostileName}`, created_at: ago(699) },
  fields: [
    {
      path: '/note',
      kind: 'value',
      baseline: `After the rain, very quiet ${marker(40)}`,
      app: `After the rain, very quie? ${hostileName}`,
    },
  ],
  sentence: 'The note of this mood reads differently.',
};

const doubled: RowDifference = {
  kind: 'doubled',
  marker: marker(20),
  acknowledgedAt: ago(640),
  fill: 39,
  baseline: entry(20),
  app: { ...entry(20), id: 1_204 },
  fields: [],
  sentence: `The entry ${marker(20)} was written once and is there twice.`,
};

const derived: RowDifference = {
  kind: 'derived',
  marker: null,
  acknowledgedAt: null,
  fill: null,
  baseline: { data: { total_entries: 64, entries_today: 22, streak_days: 3 } },
  app: { data: { total_entries: 50, entries_today: 8, streak_days: 3 } },
  fields: [
    { path: '/data/total_entries', kind: 'value', baseline: 64, app: 50 },
    { path: '/data/entries_today', kind: 'value', baseline: 22, app: 8 },
  ],
  sentence: 'The figures follow from the 14 missing entries; they are not counted again.',
};

const differences: Record<string, RowDifference[]> = {
  '/api/moods/all': [],
  '/api/journal/entries/all': [
    ...Array.from({ length: 14 }, (_, index) => missing(index)),
    doubled,
    { ...doubled, marker: marker(21) },
  ],
  '/api/stats/overview': [derived],
  '/api/server/values/all': [],
};

const detail = (endpoint: BoardRow['endpoints'][number], row: BoardRow): EndpointDetail => {
  const shown =
    row.appId === lossyId
      ? (differences[endpoint.path] ?? [])
      : endpoint.changed > 0
        ? [changed, { ...changed, marker: marker(41) }]
        : [];
  const failed = endpoint.verdict === 'unreachable';
  return {
    ...endpoint,
    baseline: {
      url: `http://127.0.0.1:9001${endpoint.path}?limit=200`,
      status: 200,
      bodyBytes: 18_204,
      totalMs: 23.4,
      problem: null,
    },
    app: {
      url: `${row.url}${endpoint.path}?limit=200`,
      status: failed ? 503 : 200,
      bodyBytes: failed ? 91 : 14_377,
      totalMs: 61.8,
      problem: failed ? 'The app answered 503.' : null,
    },
    window: endpoint.path.includes('stats')
      ? 'one record'
      : endpoint.path.includes('moods')
        ? 'newest 100 of 148'
        : 'all of 64',
    rules: endpoint.path.includes('stats')
      ? []
      : [
          { name: 'own id', reason: 'Each app numbers its rows itself.', hits: 48 },
          { name: 'own clock', reason: 'Each app stamps its rows by its own clock.', hits: 48 },
        ],
    differences: shown,
    differencesTotal: endpoint.missing + endpoint.changed + endpoint.doubled,
  };
};

const causes: ComparisonDetail['causes'] = [
  {
    name: 'missing after acknowledgement',
    sentence: '14 entries were acknowledged between 10:02 and 10:04 and are not there.',
    rows: 14,
    endpoints: ['/api/journal/entries/all'],
    hint: 'Typical of a cutover that did not wait for writes under way: drain the old store before you switch reads.',
  },
  {
    name: 'doubled rows',
    sentence: '2 entries are there twice.',
    rows: 2,
    endpoints: ['/api/journal/entries/all'],
    hint: 'Typical of a backfill that ran again without a key: insert by marker or id, and ignore what exists.',
  },
  {
    name: 'derived figures',
    sentence: 'The totals follow from the missing entries.',
    rows: 1,
    endpoints: ['/api/stats/overview'],
    hint: 'They will be right when the entries are.',
  },
];

export const detailOf = (row: BoardRow, part: Partial<ComparisonSummary> = {}): ComparisonDetail => ({
  ...summaryOf(row, part),
  appUrl: row.url,
  baselineUrl: 'http://127.0.0.1:9001',
  looks: row.verdict === 'out-of-sync' ? 3 : 1,
  acknowledged: row.acknowledged,
  lostAfterAck: row.lostAfterAck,
  causes:
    row.appId === lossyId
      ? causes
      : row.verdict === 'out-of-sync'
        ? [
            {
              name: 'changed field',
              sentence: '2 moods show another note than was written.',
              rows: 2,
              endpoints: ['/api/moods/all'],
              hint: 'Typical of a column with another character set: look at how the notes are copied.',
            },
          ]
        : [],
  endpoints: row.endpoints.map((endpoint) => detail(endpoint, row)),
});
