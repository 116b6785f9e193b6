import fc from 'fast-check';
import { withinBytes } from './page.js';

describe('a page', () => {
  it('is the beginning of the rows, fits, has one row at least, and would not fit with one more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
        fc.integer({ min: 10, max: 500 }),
        (rows, bytesMax) => {
          const page = withinBytes(rows, bytesMax);
          const bytes = (some: readonly string[]) => Buffer.byteLength(JSON.stringify(some)) - 1;
          expect(page).toEqual(rows.slice(0, page.length));
          expect(page.length).toBeGreaterThan(0);
          if (page.length > 1) expect(bytes(page)).toBeLessThanOrEqual(bytesMax);
          if (page.length < rows.length) expect(bytes(rows.slice(0, page.length + 1))).toBeGreaterThan(bytesMax);
        },
      ),
    );
  });

  it('of nothing is empty', () => expect(withinBytes([])).toEqual([]));
});
