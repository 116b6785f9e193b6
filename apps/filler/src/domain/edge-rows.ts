import type { EdgeKind, WritePayload } from '#libs/contracts/src/filler.js';
import type { Random } from './seeded-random.js';
import { MARKER_LENGTH } from '#libs/parity/src/marker.js';

/** The row of an iteration that is made to be difficult. */
export interface Edge {
  readonly kind: EdgeKind;
  readonly write: WritePayload['kind'];
}

/** Characters of the reference app: UTF-16 units, of an entry's text and of a mood's note. */
export const charsMax = { entry: 200, mood: 240 } as const;

/**
 * Rows that a store, a driver or a copy gets wrong although it gets ordinary ones right. All of them are within the contract: a faithful
 * app shows them as they were sent, character by character. None begins or ends with a space, or anything else that some language trims.
 * What looks like markup or SQL does nothing wherever it is let in.
 */
const texts: Readonly<Partial<Record<EdgeKind, readonly string[]>>> = {
  emoji: ['👨‍👩‍👧‍👦 all home, 🇸🇪 and 👍🏽, ❤️', 'a 𝄞 and 𠮷野家, then 🫠', '🎂🎂🎂'],
  quotes: [
    `she said "don't", and 'do' – “so” I did`,
    String.raw`C:\new\table\users, \" and \\ and \' and \n`,
    '``ticks`` and ${braces} and %s',
  ],
  html: ['<b>bold</b> &amp; <i>not</i> &lt;', '<script>0</script> & <!-- nothing -->', '</textarea></td>"> a < b > c'],
  sql: [`Robert'); SELECT 1; --`, `100% of 5_000; ' OR 'a'='a`, `/* $1 ? :name @p */ NULL`],
  json: [String.raw`{"a":[1,null,"\u0041"]}`, 'null, undefined, NaN, true', '[object Object]'],
  composed: ['Ångström, Zoë, crème brûlée', 'Việt Nam, São Tomé, 한국어'],
  decomposed: ['Ångström, Zoë, crème brûlée', 'Việt Nam, São Tomé, 한국어'].map((text) => text.normalize('NFD')),
  combining: ['z̷a̷l̷g̷o̷ n̈o̤t quite', 'हिन्दी में, ไทยก็ด้วย, and தமிழ்'],
  'right-to-left': ['שלום, 3 דברים טובים', 'كتبت 12 سطرا (اليوم) and more', 'mixed: abc אבג 123 دهـ'],
  'leap-day': ['2024-02-29, a day of its own', '29/02/2024 and 02/29/24', 'until 2028-02-29T23:59:60Z'],
  'leading-zeros': ['007 and 0042, at 00:05', '0x1F, 1e5, +00.10, -0', '00000000000000000001'],
};

const onlyEntries: readonly EdgeKind[] = ['longest-entry'];
const onlyMoods: readonly EdgeKind[] = ['longest-note', 'empty-note'];
const onlyValues: readonly EdgeKind[] = ['negative', 'lowest'];
export const edgeKinds = [...(Object.keys(texts) as EdgeKind[]), ...onlyEntries, ...onlyMoods, ...onlyValues];

/**
 * The edge of iteration `nth`, counted over all fills from 0: all kinds once, in an order that the seed draws, then again in another.
 * So every fill has few of them, and a few fills have them all.
 */
export function edgeOf(nth: number, randomOf: (round: number) => Random): Edge {
  const random = randomOf(Math.floor(nth / edgeKinds.length));
  const order = shuffled(edgeKinds, random);
  const kind = order[nth % order.length]!;
  if (onlyValues.includes(kind)) return { kind, write: 'value' };
  if (onlyEntries.includes(kind)) return { kind, write: 'entry' };
  if (onlyMoods.includes(kind)) return { kind, write: 'mood' };
  return { kind, write: nth % 2 === 0 ? 'entry' : 'mood' };
}

function shuffled<T>(all: readonly T[], random: Random): T[] {
  const rest = [...all];
  return all.map(() => rest.splice(random.below(rest.length), 1)[0]!);
}

/**
 * What stands after the marker and a space. A note that is empty but for its marker is the emptiest there is: one without could not be
 * told from any other, nor found again when its answer got lost.
 */
export function edgeText(kind: EdgeKind, write: 'entry' | 'mood', random: Random): string {
  if (kind === 'empty-note') return '';
  if (kind === 'longest-entry' || kind === 'longest-note') return exactly(charsMax[write] - MARKER_LENGTH - 1, random);
  return random.of(texts[kind]!);
}

/** Half of them with letters of two bytes each: a column that counts bytes cuts those. */
const exactly = (length: number, random: Random): string =>
  random.of(['to the very last character, ', 'bis zum äußersten, größten Übermaß, ']).repeat(length).slice(0, length - 1) + '.'; // prettier-ignore

/** From a value that is used nowhere else another one that is not: v and -v and -2^31 + v - 1 have no number in common below 2^30. */
export const edgeValue = (kind: EdgeKind, value: number): number =>
  kind === 'negative' ? -value : kind === 'lowest' ? value - 1 - 2 ** 31 : value;
