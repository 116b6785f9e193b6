import fc from 'fast-check';
import { canariesOf, canaryValueMin } from './canaries.js';
import { writesOf } from './fill-script.js';
import { requestOf } from './write-request.js';
import type { WritePayload } from '#libs/contracts/src/filler.js';

const fill = fc.record({ seed: fc.string({ minLength: 8 }), number: fc.integer({ min: 1, max: 1_000_000 }) });

describe('the canaries of a fill', () => {
  it('are a value from 2^30 on, and by turns an entry and a mood that look like any other', () => {
    fc.assert(
      fc.property(fill, ({ seed, number }) => {
        const [value, text, ...more] = canariesOf({ seed, number }, 3);
        expect(more).toEqual([]);
        const { payload } = value!;
        if (payload.kind !== 'value') throw new Error('the first is no value');
        expect(payload.value).toBeGreaterThanOrEqual(canaryValueMin);
        expect(payload.value).toBeLessThan(2 ** 31);
        expect(text!.payload.kind).toBe(number % 2 === 1 ? 'entry' : 'mood');
        expect([value!.index, text!.index]).toEqual([3, 4]);
        const like = writesOf({ seed, installation: seed, number, mode: 'all', iterations: 1 });
        const shape = (payload: WritePayload) => Object.keys(requestOf(payload).body).toSorted();
        expect(shape(text!.payload)).toEqual(shape(like[number % 2 === 1 ? 0 : 1]!.payload));
      }),
    );
  });

  it('are the same whenever the fill is planned again, and other than anything that apps are sent', () => {
    const numbers = Array.from({ length: 2_000 }, (_, i) => i + 1);
    const [canaries, writes] = [
      numbers.flatMap((number) => canariesOf({ seed: `seed ${number}`, number }, 3)),
      numbers.flatMap((number) =>
        writesOf({ seed: `seed ${number}`, installation: 'x', number, mode: 'all', iterations: 1 }),
      ),
    ];
    expect(canariesOf({ seed: 'seed 7', number: 7 }, 3)).toEqual(canaries.slice(12, 14));
    const sent = new Set(writes.map(({ marker }) => marker));
    expect(canaries.filter(({ marker }) => sent.has(marker))).toEqual([]);
    expect(new Set(canaries.map(({ marker }) => marker)).size).toBe(canaries.length);
  });
});
