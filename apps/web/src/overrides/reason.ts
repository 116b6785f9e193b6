/** As the contract has it (`reason.spec.ts` holds that); contracts themselves are not shipped to browsers. */
export const reasonCharsMax = 300;

/** What is wrong with a reason, to be said at its field; null when nothing is. */
export function reasonFault(reason: string): string | null {
  const chars = [...reason.trim()].length;
  if (chars === 0) return 'Say why, in a sentence.';
  return chars > reasonCharsMax ? `At most ${reasonCharsMax} characters; these are ${chars}.` : null;
}
