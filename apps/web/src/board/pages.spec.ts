import fc from 'fast-check';
import { pageOf } from './pages.js';

const rows = (length: number) => Array.from({ length }, (_, n) => n);

describe('the pages of the projector view', () => {
  it('show every row once before they begin again', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 1, max: 40 }), fc.integer(), (total, perPage, turns) => {
        const { pages } = pageOf(rows(total), perPage, turns);
        const round = Array.from({ length: pages }, (_, n) => pageOf(rows(total), perPage, turns + n));
        expect(round.flatMap((page) => page.rows).toSorted((a, b) => a - b)).toEqual(rows(total));
        expect(pageOf(rows(total), perPage, turns + pages)).toEqual(round[0]);
        for (const page of round) expect(page.rows[0] ?? 0).toBe(page.first - 1);
      }),
    );
  });

  it('are one while nobody knows how many rows fit', () => {
    expect(pageOf(rows(300), null, 5)).toMatchObject({ number: 1, pages: 1, first: 1, total: 300 });
    expect(pageOf([], 10, 3)).toEqual({ rows: [], first: 1, number: 1, pages: 1, total: 0 });
  });
});
