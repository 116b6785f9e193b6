import fc from 'fast-check';
import { isSettled, whoWaitsForWhom, type PlacedTarget } from './places.js';

const target = (targetId: string, places: string[], settledAt: string[] = []): PlacedTarget => ({
  targetId,
  places,
  settledAt,
});
const waits = (...targets: PlacedTarget[]) => Object.fromEntries(whoWaitsForWhom(targets));

describe('targets of a fill', () => {
  it('at addresses of their own wait for nobody', () => {
    expect(waits(target('a', ['1.1.1.1']), target('b', ['2.2.2.2']), target('c', []))).toEqual({ a: [], b: [], c: [] });
  });

  it('at one address are filled one after the other, in the order of joining', () => {
    const all = ['a', 'b', 'c'].map((id) => target(id, ['1.1.1.1']));
    expect(waits(...all)).toEqual({ a: [], b: ['a'], c: ['a', 'b'] });
  });

  it('that were told from each other before wait for nobody any more, and who comes to their address waits for them', () => {
    const place = ['1.1.1.1'];
    const newcomer = target('moved here', ['1.1.1.1'], ['9.9.9.9']);
    expect(waits(newcomer, target('a', place, place), target('b', place, place))).toEqual({
      'moved here': ['a', 'b'],
      a: [],
      b: [],
    });
  });

  it('that share one of several addresses are at one place', () => {
    expect(waits(target('a', ['1.1.1.1', '2.2.2.2']), target('b', ['2.2.2.2', '3.3.3.3']))).toEqual({
      a: [],
      b: ['a'],
    });
  });

  it('are not settled by an address more than they were told at, nor by none', () => {
    expect(isSettled(target('a', ['1.1.1.1', '2.2.2.2'], ['1.1.1.1']))).toBe(false);
    expect(isSettled(target('a', [], ['1.1.1.1']))).toBe(false);
    expect(isSettled(target('a', ['1.1.1.1'], ['1.1.1.1', '2.2.2.2']))).toBe(true);
  });

  it('never wait in a circle, and of two at one place that are not settled one waits for the other', () => {
    const some = fc.subarray(['1', '2', '3', '4']);
    const targets = fc
      .array(fc.tuple(some, some), { maxLength: 12 })
      .map((list) => list.map(([places, settledAt], index) => target(String(index), places, settledAt)));
    fc.assert(
      fc.property(targets, (all) => {
        const waiting = whoWaitsForWhom(all);
        const done = new Set<string>();
        for (let round = 0; round < all.length; round += 1)
          for (const [id, before] of waiting) if (before.every((other) => done.has(other))) done.add(id);
        expect(done.size).toBe(all.length);
        for (const a of all)
          for (const b of all) {
            const together = a !== b && a.places.some((place) => b.places.includes(place));
            if (!together || (isSettled(a) && isSettled(b))) continue;
            const ordered = [waiting.get(a.targetId), waiting.get(b.targetId)].flat();
            expect(ordered.includes(a.targetId) || ordered.includes(b.targetId)).toBe(true);
          }
      }),
    );
  });
});
