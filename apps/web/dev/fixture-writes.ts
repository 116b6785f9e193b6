import { ago, idOf, traceOf } from './fixture-apps.js';
import { markerOf } from './fixture-differences.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

/** The send log of an app, in the shape and words of the filler; the newest write has the highest number. */

const outcomes = ['acknowledged', 'acknowledged', 'acknowledged', 'refused', 'acknowledged', 'acknowledged', 'unknown'];
const writesTotal = 544;
const nothingSent = { totals: { acknowledged: 0, refused: 0, unknown: 0, skipped: 0 }, writes: [], nextBefore: null };
/** An app that nobody ever wrote to has an empty log, whether it takes part or not. */
export function writesOf(row: BoardRow | undefined, query: URLSearchParams) {
  if (!row || row.comparedAt === null) return nothingSent;
  const [before, limit] = [Number(query.get('before') ?? writesTotal + 1), Number(query.get('limit') ?? 60)];
  return {
    totals: { acknowledged: 528, refused: 9, unknown: 3, skipped: 4 },
    writes: Array.from({ length: Math.min(limit, before - 1) }, (_, index) => write(before - 1 - index)),
    nextBefore: before > limit + 1 ? before - limit : null,
  };
}
const write = (n: number) => {
  const outcome = outcomes[n % outcomes.length]!;
  const value = 527_000_000 + n;
  const marker = n % 3 === 2 ? `#${n % 4 === 0 ? -value : value}` : markerOf(writesTotal - n);
  const edges = [
    { kind: 'entry', edge: 'right-to-left', text: `${marker} שלום, 3 דברים טובים` },
    { kind: 'mood', edge: 'empty-note', mood: 'calm', note: marker },
    { kind: 'value', edge: 'negative', value: -value },
  ];
  const payloads =
    n % 4 === 0
      ? edges
      : [
          { kind: 'entry', text: `${marker} Thankful for the first coffee of the day when I least expected it.` },
          { kind: 'mood', mood: 'calm', note: `${marker} <b>After</b> the rain` },
          { kind: 'value', value },
        ];
  return {
    ...{
      writeId: idOf(5_000 + n),
      index: n % 12,
      marker,
      payload: payloads[n % 3],
      outcome,
      number: Math.ceil(n / 12),
    },
    status: outcome === 'acknowledged' ? 200 : outcome === 'refused' ? 503 : null,
    reason:
      outcome === 'refused'
        ? 'It answered 503.'
        : outcome === 'unknown'
          ? 'No answer was seen, and the row was not found.'
          : null,
    sentAt: ago((writesTotal - n) * 400),
    answeredAt: outcome === 'unknown' ? null : ago((writesTotal - n) * 400 - 0.08),
    driver: n % 12 < 4 ? 'browser' : 'http',
    traceId: traceOf(5),
  };
};
