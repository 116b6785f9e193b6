import { KeyedHash, TAG_STRING } from './keyed-hash.js';

/** Sixteen bits of each half, so that collisions can be found at all. */
const shortOf = (seed: readonly [number, number], half: 'lo' | 'hi') => {
  const hash = new KeyedHash(seed);
  return (text: string): number => {
    hash.text(text, TAG_STRING);
    return hash[half] & 0xffff;
  };
};

describe('the keyed hash', () => {
  it.each(['lo', 'hi'] as const)('makes texts that collide under a key we have leaked differ under the next (%s)', (half) => {
    const [old, next] = [shortOf([0x243f6a88, 0x85a308d3], half), shortOf([0x13198a2e, 0x03707344], half)];
    const first = new Map<number, string>();
    const pairs: (readonly [string, string])[] = [];
    for (let n = 0; n < 12_000; n += 1) {
      const text = `~${n.toString(36).padStart(10, '0')} Grateful for the bread`;
      const other = first.get(old(text));
      if (other !== undefined) pairs.push([other, text]);
      else first.set(old(text), text);
    }
    expect(pairs.length).toBeGreaterThan(800);
    expect(pairs.filter(([one, other]) => old(one) === old(other))).toHaveLength(pairs.length);
    // By chance one pair in 65,536.
    expect(pairs.filter(([one, other]) => next(one) === next(other)).length).toBeLessThan(3);
  });
}); // prettier-ignore
