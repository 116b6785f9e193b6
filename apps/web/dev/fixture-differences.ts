import type { ComparisonDetail, EndpointDetail, RowDifference } from '#libs/contracts/src/comparator.js';
import { ago, hostileName } from './fixture-apps.js';

/** Differences and causes in the shapes and words of the comparator. A marker stands at the beginning of each text. */

export const markerOf = (n: number): string =>
  `~${((n + 1) * 48_271 * 75_431_093).toString(36).padStart(10, '0').slice(-10)}`;

/** Every third write of the send log is an entry. */
const entryMarker = (n: number): string => markerOf(3 * n + 1);

const entry = (n: number) => ({
  id: 812 + n,
  text: `${entryMarker(n)} Thankful for the first coffee of the day when I least expected it.`,
  created_at: ago(900 - n * 9),
});

const missing = (n: number): RowDifference => {
  const fill = 36 + Math.floor(n / 3);
  return {
    ...{ kind: 'missing', marker: entryMarker(n), fill, acknowledgedAt: ago(900 - n * 9), fields: [] },
    baseline: entry(n),
    app: null,
    sentence: `The row ${entryMarker(n)} of fill ${fill} was acknowledged and is not there.`,
  };
};

const doubled = (n: number): RowDifference => ({
  ...{ kind: 'doubled', marker: entryMarker(n), fill: 39, acknowledgedAt: ago(640), fields: [] },
  baseline: entry(n),
  app: [
    { ...entry(n), id: 1_204 },
    { ...entry(n), id: 1_209, created_at: ago(632) },
  ],
  sentence: `The row ${entryMarker(n)} of fill 39 was written once and is there twice.`,
});

const changed = (n: number): RowDifference => {
  const [sent, shown] = [
    `${markerOf(n)} need a break, very quiet after the rain`,
    `${markerOf(n)} need a break, very quie? ${hostileName}`,
  ];
  return {
    ...{ kind: 'changed', marker: markerOf(n), fill: 38, acknowledgedAt: ago(700) },
    baseline: { id: 77, mood: 'calm', note: sent, created_at: ago(700) },
    app: { id: 71, mood: 'calm', note: shown, created_at: ago(699) },
    fields: [{ path: '/note', kind: 'value', baseline: JSON.stringify(sent), app: JSON.stringify(shown) }],
    sentence: `The row ${markerOf(n)} of fill 38 comes back changed in /note.`,
  };
};

/** A figure stands beside what the app's own rows give. */
const derived = (field: string, should: unknown, shown: unknown): RowDifference => ({
  ...{ kind: 'derived', marker: null, fill: null, acknowledgedAt: null },
  baseline: { [field]: should },
  app: { [field]: shown },
  fields: [{ path: `/data/${field}`, kind: 'value', baseline: should, app: shown }],
  sentence: `${field} does not follow from the app’s own rows.`,
});

export const differencesAt = ({
  path,
  missing: lost,
  changed: other,
  doubled: twice,
}: EndpointDetail): RowDifference[] => {
  if (path.includes('/stats/'))
    return other > 0 ? [derived('entries_today', 36, 22), derived('total_entries', 'at least 50', 36)] : [];
  return [
    ...Array.from({ length: Math.min(lost, 50) }, (_, n) => missing(n)),
    ...Array.from({ length: twice }, (_, n) => doubled(60 + n)),
    ...Array.from({ length: other }, (_, n) => changed(40 + n)),
  ];
};

type Cause = ComparisonDetail['causes'][number];

const causes: Record<'lost' | 'doubled' | 'changed' | 'derived', (rows: number) => Omit<Cause, 'rows' | 'endpoints'>> =
  {
    lost: (rows) => ({
      name: 'lost',
      sentence: `${rows} rows that the app acknowledged, in fills 36 to 40, are not there.`,
      hint: 'Look for an acknowledgement that is sent before the commit, or a dual write without an outbox: one store took the row, the other never saw it.',
      mistake: { name: 'acknowledged-before-commit', title: 'Acknowledged before the commit' },
      follows: ['last7_days'],
    }),
    doubled: (rows) => ({
      name: 'doubled',
      sentence: `${rows} rows that were written once, in fill 39, are there twice.`,
      hint: 'Look for a write that is delivered twice, as in a retry without an idempotency key, or a consumer that does not know what it has applied.',
      mistake: { name: 'duplicate-delivery', title: 'Delivered twice' },
      follows: [],
    }),
    changed: (rows) => ({
      name: 'changed /note',
      sentence: `${rows} rows, in fill 38, come back with another /note than was sent.`,
      hint: 'Look for a column that is cut, converted or encoded in another way on its way to the new store.',
      mistake: { name: 'converted-column', title: 'Converted column' },
      follows: [],
    }),
    derived: () => ({
      name: 'derived',
      sentence: 'entries_today and total_entries do not follow from the app’s own rows.',
      hint: 'Look for statistics that are read from another store, a cache or counters of their own instead of the rows.',
      mistake: { name: 'statistics-apart', title: 'Statistics from another store' },
      follows: [],
    }),
  };

export function causesOf(endpoints: readonly EndpointDetail[]): Cause[] {
  const of = (name: keyof typeof causes, rowsAt: (endpoint: EndpointDetail) => number): Cause[] => {
    const where = endpoints.filter((endpoint) => rowsAt(endpoint) > 0);
    const rows = where.reduce((sum, endpoint) => sum + rowsAt(endpoint), 0);
    return rows > 0 ? [{ ...causes[name](rows), rows, endpoints: where.map(({ path }) => path) }] : [];
  };
  const isStats = ({ path }: EndpointDetail) => path.includes('/stats/');
  return [
    ...of('lost', ({ missing: rows }) => rows),
    ...of('doubled', ({ doubled: rows }) => rows),
    ...of('changed', (endpoint) => (isStats(endpoint) ? 0 : endpoint.changed)),
    ...of('derived', (endpoint) => (isStats(endpoint) ? endpoint.changed : 0)),
  ].toSorted((a, b) => b.rows - a.rows);
}
