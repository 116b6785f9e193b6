import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { guards } from './guard-list.js';

const root = resolve(import.meta.dirname, '../../../..');

describe('the list of guards', () => {
  it.each(guards)('has the line that stands for: $guarantee', ({ file, line, instead, test }) => {
    expect(readFileSync(resolve(root, file), 'utf8').split(line)).toHaveLength(2);
    expect(instead).not.toBe(line);
    expect(existsSync(resolve(root, test.file))).toBe(true);
  });
});
