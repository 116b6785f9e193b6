// What a move to another store got wrong. What was there when the fault was switched on is what had been copied.
import { z } from 'zod';
import { faultKind } from './fault.js';
import { moving, type Copied, type Row } from './move.js';

/** The copy kept the ids, the new store's numbering began again, and a row whose id is taken is put in the other's place. */
export const reusedKeys = faultKind({
  options: z.strictObject({ name: z.literal('reused-keys') }),
  build(_, { now }) {
    const told = (body: Record<string, unknown>, copied: Copied) => {
      const renumber = (row: unknown, by: number) => row && { ...(row as Row), id: (row as { id: number }).id - by };
      return {
        ...body,
        ...('entry' in body && { entry: renumber(body.entry, copied.entries) }),
        ...('mood' in body && { mood: renumber(body.mood, copied.moods) }),
      };
    };
    return moving(
      {
        sentence: 'It numbers new entries and moods from 1 again, and each takes the place of the row that had its id.',
        told,
        read:
          () =>
          (row, { kind, n, copied, newest }) => {
            if (kind === 'values') return row;
            if (n > copied) return { ...row, id: n - copied };
            return n <= newest - copied ? undefined : row;
          },
      },
      now,
    );
  },
});

/** Half of its instances are still on the old store, the others on the new one, and nothing is carried over. */
export const splitStores = faultKind({
  options: z.strictObject({ name: z.literal('split-stores') }),
  build(_, { now, seed }) {
    const coin = coinOf(seed);
    return moving(
      {
        sentence: 'It writes to two stores by turns, and shows now the one and now the other.',
        read: () => {
          const store = coin();
          return (row, { n, copied }) => (n <= copied || n % 2 === store ? row : undefined);
        },
      },
      now,
    );
  },
});

/** 0 or 1, drawn with the xorshift generator: the same seed draws the same ones. */
function coinOf(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 16) & 1;
  };
}

/** The copy wrote times as seconds into a column that is read as milliseconds. New rows are right. */
export const secondsAsMilliseconds = faultKind({
  options: z.strictObject({ name: z.literal('seconds-as-milliseconds') }),
  build(_, { now }) {
    const inJanuary1970 = (time: string) => new Date(Math.floor(Date.parse(time) / 1_000)).toISOString();
    return moving(
      {
        sentence: 'It shows the rows that it copied as of January 1970: their seconds are read as milliseconds.',
        read:
          () =>
          (row, { n, copied }) =>
            n > copied || row.created_at === undefined ? row : { ...row, created_at: inJanuary1970(row.created_at) },
      },
      now,
    );
  },
});
