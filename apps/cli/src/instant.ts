import { InvalidArgumentError } from 'commander';

/** A time of an option, as the API takes it. One without a zone is of this computer's. */
export function instantOf(text: string): string {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidArgumentError('It must be a time such as 2026-11-26T15:00:00Z.');
  return new Date(ms).toISOString();
}
