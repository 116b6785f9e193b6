import type { Suspect, Suspicion } from '#libs/contracts/src/comparator.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';
import { ago, idOf } from './fixture-apps.js';

/** The app of the fixture that shows the baseline's rows. Its board row says nothing of it. */
export const copyingId = idOf(4);

const copied = { id: 412, text: '~5w0c4k9x2m Grateful for bread that was still warm today.', created_at: ago(61) };
const owed = { id: 398, mood: 'calm', note: '~0q7r2d8n5h clear head, tea instead of coffee', created_at: ago(310) };

export const suspicionsOf = ({ appId }: BoardRow): Suspicion[] =>
  appId === copyingId
    ? [
        {
          ...{ kind: 'baseline-rows', strength: 'proof', path: '/api/journal/entries/all' },
          sentence:
            'It shows 3 rows that were written only to the baseline. It shows them up to the newest, of fill 41: it reads from the baseline, or from a fresh copy. 3 have the baseline’s time to the millisecond, which nobody who writes into the app can choose.',
          rows: [
            {
              ...{ marker: '~5w0c4k9x2m', fill: 41, writtenAt: ago(60) },
              sides: [
                { name: 'baseline', row: copied },
                { name: 'app', row: copied },
              ],
            },
          ],
        },
        {
          ...{ kind: 'special-answers', strength: 'hint', path: '/api/moods/all' },
          sentence:
            'Asked twice at the same moment, by us and as a browser, it showed 2 rows to us only, acknowledged a minute before or earlier. Reads from a lagging replica look the same: compare again. The verdict does not count it.',
          rows: [
            {
              ...{ marker: '~0q7r2d8n5h', fill: 39, writtenAt: ago(310) },
              sides: [
                { name: 'to us', row: owed },
                { name: 'to a browser', row: null },
              ],
            },
          ],
        },
      ]
    : [];

export function suspectsOf(rows: readonly BoardRow[]): Suspect[] {
  return rows.flatMap((row) => {
    const [strongest] = suspicionsOf(row);
    if (!strongest || !row.comparisonId) return [];
    const { appId, name: appName, comparisonId } = row;
    return [
      {
        appId,
        appName,
        comparisonId,
        computedAt: row.comparedAt!,
        comparisons: { suspicious: 7, looked: 20 },
        strongest,
      },
    ];
  });
}
