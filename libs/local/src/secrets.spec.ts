import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrCreateSecrets } from './secrets.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lockstep-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
const file = () => join(dir, 'secrets.json');

describe('secrets', () => {
  it('are created once, stay the same, and grow by name', () => {
    const { a } = readOrCreateSecrets(dir, ['a']);
    const both = readOrCreateSecrets(dir, ['b', 'a']);
    expect(both.a).toBe(a);
    expect(both.b).toMatch(/^[\w-]{43}$/);
    expect(both.b).not.toBe(a);
    expect(readOrCreateSecrets(dir, ['a', 'b'])).toEqual(both);
  });

  it('lie in a file that only we can read, whatever the umask, and nowhere else', () => {
    const umask = process.umask(0);
    readOrCreateSecrets(dir, ['a']);
    process.umask(umask);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['secrets.json']);
  });

  it('are not used when others can read them', () => {
    readOrCreateSecrets(dir, ['a']);
    chmodSync(file(), 0o640);
    expect(() => readOrCreateSecrets(dir, ['a'])).toThrow(`run: chmod 600 ${file()}`);
  });

  it.each(['', '{', '[]', 'null', '{"a":1}', '{"a":""}'])('are not overwritten when the file holds %j', (content) => {
    writeFileSync(file(), content, { mode: 0o600 });
    expect(() => readOrCreateSecrets(dir, ['a', 'b'])).toThrow('Put the right file back');
  });
});
