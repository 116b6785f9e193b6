/**
 * The statements of a script for psql, one by one, as psql would send them. Knows what the scripts here use: comments on lines
 * of their own, `\getenv variable NAME`, `:'variable'`, statements that end with a line. Throws one sentence for anything else.
 */
export function statementsOf(script: string, env: Readonly<Record<string, string>>): string[] {
  const variables = new Map<string, string>();
  const lines = script.split('\n').flatMap((line) => {
    if (line.startsWith('--')) return [];
    if (!line.startsWith('\\'))
      return [line.replace(/:'(\w+)'/g, (_, name: string) => quote(variables.get(name), name))];
    const [, variable, name] = /^\\getenv (\w+) (\w+)$/.exec(line) ?? [];
    if (!variable || !name) throw new Error(`${line} is not known here; \\getenv variable NAME is`);
    const value = env[name];
    if (!value) throw new Error(`the container is not given ${name}`);
    variables.set(variable, value);
    return [];
  });
  return lines
    .join('\n')
    .split(/;\n/)
    .map((statement) => statement.trim())
    .filter(Boolean);
}

function quote(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`:'${name}' is used before \\getenv ${name}`);
  return `'${value.replaceAll("'", "''")}'`;
}
