import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of files that stay as they are written: SQL and the page. The compiler copies only TypeScript, so the way
 * leads from here, be it apps/journal/src or dist/apps/journal/src, to the project's root and down to the sources again.
 */
export function sourceFolder(...path: string[]): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) {
    if (dirname(root) === root)
      throw new Error(`no package.json above ${import.meta.dirname}: the journal's files are not found`);
    root = dirname(root);
  }
  return join(root, 'apps/journal/src', ...path);
}
