import { UsageError } from './exit-code.js';
import { settingsOfLab } from './up/lab-settings.js';

/** NAME=value, each the setting of a lab. Throws one line for what is not. */
export function readAssignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map(readAssignment));
}

function readAssignment(text: string): [name: string, value: string] {
  const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UsageError(`"${text.slice(0, 60)}" is no setting: write NAME=value, such as BASELINE_URL=https://…`);
  if (settingsOfLab.includes(name)) return [name, value];
  throw new UsageError(`${name} is no setting of a lab. There is ${settingsOfLab.join(', ')}.`);
}
