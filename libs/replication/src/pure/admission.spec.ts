import fc from 'fast-check';
import { admit } from './admission.js';

const rows = (...numbers: number[]) => numbers.map((n) => ({ n }));
const numbers = (list: readonly { n: number }[]) => list.map((row) => row.n);

describe('admission', () => {
  it('takes the dense run after the cursor and leaves what waits for a hole', () => {
    const { ready, stale, waiting } = admit(4, rows(7, 5, 6, 9, 3), 500);
    expect([numbers(ready), numbers(stale), numbers(waiting)]).toEqual([[5, 6, 7], [3], [9]]);
  });

  it('takes at most a batch and keeps the rest for the next', () => {
    const { ready, waiting } = admit(0, rows(1, 2, 3), 2);
    expect([numbers(ready), numbers(waiting)]).toEqual([[1, 2], [3]]);
  });

  it('admits every row exactly once and in order, whatever is doubled, reordered and delayed', () => {
    const delivery = fc.record({
      total: fc.integer({ min: 1, max: 60 }),
      order: fc.infiniteStream(fc.nat()),
      batchMax: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(delivery, ({ total, order, batchMax }) => {
        const draws = order[Symbol.iterator]();
        const road = Array.from({ length: total * 3 }, (_, i) => ({
          n: (i % total) + 1,
          at: Number(draws.next().value),
        }));
        road.sort((a, b) => a.at - b.at);
        let cursor = 0;
        let held: { n: number }[] = [];
        const applied: number[] = [];
        const step = (arrived: { n: number }[]) => {
          const { ready, waiting } = admit(cursor, [...held, ...arrived], batchMax);
          applied.push(...numbers(ready));
          cursor += ready.length;
          held = waiting;
          return ready.length;
        };
        for (const row of road) step([row]);
        while (step([]) > 0);
        expect(applied).toEqual(Array.from({ length: total }, (_, i) => i + 1));
        expect(held).toEqual([]);
      }),
    );
  });
});
