/** What a pure rule answers: the value to store, or the sentence that goes back to the sender. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problem: string };

export const accept = <T>(value: T): Checked<T> => ({ ok: true, value });
export const refuse = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });

const loneSurrogates = /\p{Surrogate}/gu;

/**
 * The text of any JSON value as the reference app reads it: null, 0, false and absence are empty, the rest goes through
 * String(), and a lone surrogate becomes three U+FFFD (it counts as three characters). Refuses what has no text at all
 * and the NUL character, which Postgres cannot store.
 */
export function toText(input: unknown): Checked<string> {
  let text: string;
  try {
    text = String(input || '').replace(loneSurrogates, '\uFFFD\uFFFD\uFFFD');
  } catch {
    return refuse('must be text'); // String() throws for {"toString":1} and for arrays nested too deep
  }
  return text.includes('\0') ? refuse('must not contain the NUL character') : accept(text);
}

/** The first `max` UTF-16 units; a pair cut in half becomes U+FFFD, which is what the database driver would send. */
export function cutText(text: string, max: number): string {
  return text.slice(0, max).replace(loneSurrogates, '\uFFFD');
}
