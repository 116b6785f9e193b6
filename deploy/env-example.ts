/** One line of .env.example: a setting, its default (empty: none) and what it is. */
export interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** The settings that .env.example lists; throws one sentence when a line is neither a setting nor a heading. */
export function readEnvExample(text: string): Setting[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('# ')) return [];
    const [, name, fallback, meaning] = /^#([A-Z][A-Z0-9_]*)=(\S*) +# (\S.*)$/.exec(line) ?? [];
    if (name === undefined || fallback === undefined || meaning === undefined)
      throw new Error(`.env.example, line ${index + 1}: write "#NAME=default # what it is"`);
    return [{ name, fallback, meaning }];
  });
}
