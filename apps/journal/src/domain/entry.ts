import { accept, refuse, toText, type Checked } from './text.js';

export const entryCharactersMax = 200;

export interface Entry {
  id: number;
  text: string;
  created_at: string;
}

/** The two doors onto the same table word the same refusals differently; both wordings are part of the contract. */
export interface EntryWording {
  required: string;
  tooLong: string;
  /** Put before the problems that no other app words: "text must …". */
  prefix: string;
}
export const gatewayWording: EntryWording = {
  required: '3 INVALID_ARGUMENT: text is required',
  tooLong: '3 INVALID_ARGUMENT: max 200 chars',
  prefix: '3 INVALID_ARGUMENT: text',
};
export const serverWording: EntryWording = {
  required: 'Text is required',
  tooLong: 'Max 200 characters',
  prefix: 'Text',
};

/** The text to store: trimmed, 1 to 200 UTF-16 units. */
export function checkEntry(input: unknown, wording: EntryWording): Checked<string> {
  const text = toText(input);
  if (!text.ok) return refuse(`${wording.prefix} ${text.problem}`);
  const trimmed = text.value.trim();
  if (trimmed === '') return refuse(wording.required);
  return trimmed.length > entryCharactersMax ? refuse(wording.tooLong) : accept(trimmed);
}
