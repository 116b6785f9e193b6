import { fileURLToPath } from 'node:url';

/**
 * A program file for a child process: always the built one, also when the caller runs from its source (tests).
 * `from` is the caller's import.meta.url, `name` the file beside it.
 */
export function builtFile(from: string, name: string): string {
  const path = fileURLToPath(new URL(name, from));
  const root = builtRoot(from);
  return path.startsWith(`${root}/dist/`) ? path : path.replace(`${root}/`, `${root}/dist/`);
}

/** The checkout (or the image's directory) that holds dist/, package.json and node_modules/. */
export const builtRoot = (from: string): string => {
  const path = fileURLToPath(from);
  const at = path.search(/\/(dist\/)?(apps|libs)\/[^/]+\/src\//);
  if (at === -1) throw new Error(`${path} is in no app and no lib`);
  return path.slice(0, at);
};
