import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const table = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
/** `file` “name” “name”: the names may stand in a string of either kind. */
const named = [...table.matchAll(/`([\w./-]+\/[\w./-]+\.ts)`((?: “[^”]+”)+)/g)].flatMap(([, file = '', names = '']) =>
  [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => ({ file, name })),
);

describe('the table of threats', () => {
  it('names a test for every threat', () => {
    const threats = [...Array.from({ length: 14 }, (_, n) => `T${n + 1}`), 'T22', 'T23', 'T24'];
    expect([...table.matchAll(/^\| (T\d+) /gm)].map(([, threat]) => threat)).toEqual(threats);
    expect(named.length).toBeGreaterThan(50);
  });

  it.each(named)('is right about $file: $name', ({ file, name }) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(readFileSync(join(root, file), 'utf8')).toContain(name);
  });
});
