/** Numbers from a seed: the same text gives the same sequence everywhere. */
export interface Random {
  /** 0 ≤ x < 1, 53 bits. */
  fraction(): number;
  /** A whole number 0 … n − 1. */
  below(n: number): number;
  of<T>(list: readonly T[]): T;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded with xmur3 of the text. Not for secrets. */
export function seededRandom(seed: string): Random {
  const mix = xmur3(seed);
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  const fraction = () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992;
  const below = (n: number) => Math.floor(fraction() * n);
  return { fraction, below, of: (list) => list[below(list.length)]! };
}

function xmur3(text: string): () => number {
  let hash = 1_779_033_703 ^ text.length;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    return (hash ^= hash >>> 16) >>> 0;
  };
}
