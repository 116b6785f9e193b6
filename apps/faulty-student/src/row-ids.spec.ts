import fc from 'fast-check';
import { RowIds } from './row-ids.js';

describe('ids as the outside sees them', () => {
  it('are those of the database as long as nothing was dropped', () => {
    const ids = new RowIds();
    expect([ids.isUnspent, ids.shown(1), ids.shown(7)]).toEqual([true, 1, 7]);
  });

  it('leave a gap for a dropped row', () => {
    const ids = new RowIds();
    expect(ids.spend(3)).toBe(4);
    expect([1, 2, 3, 4, 5].map((id) => ids.shown(id))).toEqual([1, 2, 3, 5, 6]);
  });

  it('follow the order of writing, never repeat, and never change once shown, whatever is dropped when', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (drops) => {
        const ids = new RowIds();
        let stored = 0;
        const told = drops.map((dropped) => (dropped ? ids.spend(stored) : ids.shown(++stored)));
        expect(told).toEqual(drops.map((_, n) => n + 1));
        const kept = told.filter((_, n) => !drops[n]);
        expect(Array.from({ length: stored }, (_, n) => ids.shown(n + 1))).toEqual(kept);
      }),
    );
  });
});
