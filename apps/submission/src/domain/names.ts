/** As in the contract, in the units in which it counts. */
const nameCharsMax = 64;

/** Marks that may stand on one letter (UTS 39 §5.4): more of them are drawn over the lines above and below. */
const marksMax = 4;

/** What hides, turns or fakes text: control, format, private and ignorable characters, and halves of characters. */
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;
/** The empty pattern of Braille looks like a space and is none; a byte order mark is one by name only, and hidden. */
const spaces = /(?:(?!\ufeff)\s|\u2800)+/gu;
const marksAlone = /(^| )\p{M}+/gu;
const marksOfOneLetter = new RegExp(`([\\p{Mn}\\p{Me}]{${marksMax}})[\\p{Mn}\\p{Me}]+`, 'gu');

/**
 * A name as it is shown: NFC, without anything that cannot be seen, letters of every script kept, spaces folded. Cleaning it again
 * changes nothing.
 */
export const cleanName = (name: string): string =>
  name
    // White space first: tabs and line ends are control characters too, and part words.
    .replace(spaces, ' ')
    .replace(hidden, '')
    .normalize('NFC')
    .replace(marksAlone, '$1')
    .replace(marksOfOneLetter, '$1')
    .replace(spaces, ' ')
    .trim();

export interface BadName {
  readonly problem: string;
  readonly next: string;
}

/** Reads a name that was given; `what` is what the sentence calls it, "The name". */
export function readName(given: string, what: string): { readonly name: string } | BadName {
  const name = cleanName(given);
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name))
    return { problem: `${what} has no visible letter.`, next: 'Give the name that the board should show.' };
  // NFC writes some characters out in several.
  if (name.length > nameCharsMax)
    return {
      problem: `${what} has ${name.length} characters when written out; ${nameCharsMax} are the most.`,
      next: 'Give a shorter one.',
    };
  const mixed = scriptsInOneWord(name);
  if (mixed)
    return {
      problem: `${what} mixes ${mixed.join(' and ')} letters in one word, which can pass for another name.`,
      next: 'Write each word in letters of one alphabet.',
    };
  return { name };
}

/** Alphabets whose letters look alike: Latin a and Cyrillic а. Other scripts may stand in one word, as Japanese ones do. */
const lookingAlike = {
  Latin: /\p{Script=Latin}/u,
  Greek: /\p{Script=Greek}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
};

function scriptsInOneWord(name: string): string[] | undefined {
  const words = name.split(/[^\p{L}\p{M}]+/u);
  const scriptsOf = (word: string) => Object.entries(lookingAlike).flatMap(([script, letters]) => (letters.test(word) ? [script] : [])); // prettier-ignore
  return words.map(scriptsOf).find((scripts) => scripts.length > 1);
}
