import { accept, refuse, type Checked } from './text.js';

const min = -2_147_483_648;
const max = 2_147_483_647;
const digits = /^[ \t\n\r\v\f]*([+-]?)0*(\d{1,10})[ \t\n\r\v\f]*$/;

/**
 * The number of a posted value: a whole number of 32 bits, as a JSON number or as text with spaces around it and zeros
 * before it. The number 0 is refused, as the reference app does; the text "0" is fine.
 */
export function checkWholeNumber(input: unknown): Checked<number> {
  if (input === undefined || input === null || input === '') return refuse('value is required');
  if (input === 0) return refuse('value 0 is taken only as text: send {"value":"0"}');
  const number = typeof input === 'number' ? input : typeof input === 'string' ? parse(input) : NaN;
  const fits = Number.isInteger(number) && number >= min && number <= max;
  return fits ? accept(number) : refuse(`value must be a whole number between ${min} and ${max}`);
}

function parse(text: string): number {
  const found = digits.exec(text);
  return found ? Number(`${found[1]}${found[2]}`) : NaN;
}
