import { accept, cutText, refuse, toText, type Checked } from './text.js';

export const moods = ['grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized'] as const;
export const noteCharactersMax = 240;

export interface Mood {
  id: number;
  mood: string;
  note: string;
  created_at: string;
}
export type NewMood = Pick<Mood, 'mood' | 'note'>;

/** The row to store: the mood lower-cased but not trimmed and one of seven; the note trimmed, then silently cut at 240. */
export function checkMood(mood: unknown, note: unknown): Checked<NewMood> {
  const word = toText(mood);
  const known = word.ok && moods.find((one) => one === word.value.toLowerCase());
  if (!known) return refuse('3 INVALID_ARGUMENT: invalid mood');
  const text = toText(note);
  if (!text.ok) return refuse(`3 INVALID_ARGUMENT: note ${text.problem}`);
  return accept({ mood: known, note: cutText(text.value.trim(), noteCharactersMax) });
}
