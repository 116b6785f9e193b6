/** As long as a reason or a note may be, in the log and in what is said of it. */
export const sentenceCharsMax = 300;

/**
 * One sentence for people that may hold foreign text: on one line, at most 300 characters, and nothing in it that a database refuses
 * (NUL, half of a surrogate pair). Everything that becomes a reason or a note goes through here once.
 */
export function sentence(text: string): string {
  const plain = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  if (plain.length <= sentenceCharsMax) return plain;
  return `${plain.slice(0, sentenceCharsMax - 1).replace(/\p{Cs}$/u, '')}…`;
}
