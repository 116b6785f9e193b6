/** What every command's help ends with: how it is used, and what its exit code says. */
export interface Help {
  readonly examples: readonly (readonly [command: string, does: string])[];
  readonly codes: readonly string[];
  readonly more?: string;
}

export function helpText({ examples, codes, more }: Help): string {
  const width = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, does]) => `  ./lockstep ${command.padEnd(width)}   ${does}`.trimEnd());
  return [
    '',
    ...(more ? [more, ''] : []),
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...lines,
    '',
    `Exit codes: ${codes.join(' · ')}`,
  ].join('\n');
}

/** Of commands that ask the gateway for something and show the answer. */
export const askingCodes = ['0 done', '2 refused, or the lab does not run', '64 wrong command line'] as const;
