import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeBrowserHome } from './browser-home.js';

describe('the directory of a browser', () => {
  let parent: string;
  beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'lockstep-home-spec-'))));
  afterEach(() => rmSync(parent, { recursive: true }));

  it('goes when it is told to', () => {
    const home = makeBrowserHome(parent);
    writeFileSync(join(home.dir, 'profile'), 'x');
    home.remove();
    expect(existsSync(home.dir)).toBe(false);
  });

  it('of an owner who was killed is swept by the next one, and nothing else is', () => {
    const mine = makeBrowserHome(parent);
    const dead = String(spawnSync('true').pid);
    const nameOf = (pid: string) => join(parent, basename(mine.dir).replace(`-${process.pid}-`, `-${pid}-`));
    const abandoned = nameOf(dead);
    const elsewhere = join(parent, basename(abandoned).replace(/browser-\d+/, 'browser-1'));
    const other = join(parent, 'lockstep-cache-0');
    for (const dir of [abandoned, elsewhere, other]) mkdirSync(join(dir, 'profile'), { recursive: true });
    makeBrowserHome(parent);
    expect([mine.dir, abandoned, elsewhere, other].map(existsSync)).toEqual([true, false, true, true]);
  });
});
