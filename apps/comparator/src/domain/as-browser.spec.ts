import fc from 'fast-check';
import { compareAnswers, kindAskedAsBrowser } from './as-browser.js';
import { endpoints } from './endpoints.js';
import type { Obligation } from './obligation.js';
import { planFor, readBody } from './readable-body.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const now = '2026-11-20T15:00:00.000Z';
const entries = endpoints.find(({ kind }) => kind === 'entry')!;
const owed = (n: number, agoMs = 600_000): Obligation => {
  const marker = markerOfNumber(n * 7_919);
  const acknowledgedAt = new Date(Date.parse(now) - agoMs).toISOString();
  return { marker, payload: { kind: 'entry', text: `${marker} a walk` }, fill: n, index: 0, acknowledgedAt };
};
const rowOf = ({ payload, fill }: Obligation) => ({
  id: fill,
  text: (payload as { text: string }).text,
  created_at: now,
});
const index = (rows: readonly object[]) =>
  readBody(planFor(entries, [1, 2]), new TextEncoder().encode(JSON.stringify({ rows })));
const compare = (obligations: readonly Obligation[], toUs: readonly object[], toBrowser: readonly object[]) =>
  compareAnswers({ endpoint: entries, obligations, now, toUs: index(toUs), toBrowser: index(toBrowser) });
const many = (count: number) => Array.from({ length: count }, (_, n) => owed(n + 1));

describe('an app that is asked by us and as a browser', () => {
  it('and says the same to both, whatever else both show, is no finding', () => {
    const six = many(6);
    const rows = six.map(rowOf);
    expect(compare(six, rows, [...rows, { id: 99, text: 'somebody’s own', created_at: now }])).toBeUndefined();
    expect(compare(six, rows.slice(2), rows.slice(2))).toBeUndefined();
  });

  it('and shows rows to us only is named with them', () => {
    const six = many(6);
    const rows = six.map(rowOf);
    expect(compare(six, rows, rows.slice(0, 4))).toMatchObject({
      ...{ onlyToUs: 2, onlyToBrowser: 0 },
      samples: [
        { marker: six[4]!.marker, fill: 5, toUs: rows[4], toBrowser: null },
        { marker: six[5]!.marker, fill: 6, toUs: rows[5], toBrowser: null },
      ],
    });
  });

  it('and shows them changed to one of both is named too', () => {
    const [one] = many(1) as [Obligation];
    expect(compare([one], [rowOf(one)], [{ ...rowOf(one), text: `${one.marker} a run` }])).toMatchObject({
      onlyToUs: 1,
    });
  });

  it('is not blamed for what it acknowledged within a minute, nor for an answer that cannot be read', () => {
    const late = [owed(1), owed(2, 59_000)];
    expect(compare(late, late.map(rowOf), [rowOf(late[0]!)])).toBeUndefined();
    const [one] = many(1) as [Obligation];
    const unreadable = readBody(planFor(entries, [1, 2]), new TextEncoder().encode('<html>'));
    expect(
      compareAnswers({ endpoint: entries, obligations: [one], now, toUs: index([rowOf(one)]), toBrowser: unreadable }),
    ).toBeUndefined();
  });

  it('is not blamed for rows that leave a full list between the two answers, however many strangers write', () => {
    const owes = many(200);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (pushed) => {
        const strangers = Array.from({ length: pushed }, (_, n) => ({ id: 1_000 + n, text: 'x', created_at: now }));
        const newestFirst = owes.map(rowOf).toReversed();
        expect(compare(owes, newestFirst, [...strangers, ...newestFirst].slice(0, 200))).toBeUndefined();
      }),
    );
    expect(compare(owes, owes.map(rowOf), [])).toMatchObject({ onlyToUs: 200 });
  });

  it('is asked for another list by chance, in one of four comparisons for none', () => {
    const drawn = Array.from('0123456789abcdef', (last) => kindAskedAsBrowser(`8f3b-${last}`));
    for (const kind of ['entry', 'mood', 'value', null]) expect(drawn.filter((one) => one === kind)).toHaveLength(4);
  });
});
