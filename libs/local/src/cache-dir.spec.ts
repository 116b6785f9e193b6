import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, cached } from './cache-dir.js';

let parent: string;
let made: number;
const before = process.env.LOCKSTEP_CACHE;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lockstep-cache-spec-'));
  process.env.LOCKSTEP_CACHE = join(parent, 'cache');
  made = 0;
});
afterEach(() => {
  if (before === undefined) delete process.env.LOCKSTEP_CACHE;
  else process.env.LOCKSTEP_CACHE = before;
  rmSync(parent, { recursive: true });
});

const fill = (work: string): Promise<void> => {
  made++;
  mkdirSync(join(work, 'bin'), { mode: 0o700 });
  writeFileSync(join(work, 'bin', 'program'), 'x', { mode: 0o700 });
  writeFileSync(join(work, 'notes'), 'one', { mode: 0o600 });
  return Promise.resolve();
};

describe('the cache directory', () => {
  it('is open for reading to other users, whatever our umask', () => {
    const umask = process.umask(0o077);
    expect(statSync(cacheDir()).mode & 0o777).toBe(0o755);
    process.umask(umask);
  });

  it('is refused when it is a link, or others can write to it', () => {
    mkdirSync(join(parent, 'cache'));
    chmodSync(join(parent, 'cache'), 0o775);
    expect(() => cacheDir()).toThrow('is not safe to use');
    symlinkSync(parent, join(parent, 'link'));
    process.env.LOCKSTEP_CACHE = join(parent, 'link');
    expect(() => cacheDir()).toThrow('is not safe to use');
  });
});

describe('an entry of the cache', () => {
  it('is made once', async () => {
    const entry = await cached('thing', fill);
    expect(await cached('thing', fill)).toBe(entry);
    expect([made, readFileSync(join(entry, 'notes'), 'utf8')]).toEqual([1, 'one']);
  });

  it('can be read and run by other users, and written by none', async () => {
    const entry = await cached('thing', fill);
    const modes = ['.', 'bin', 'bin/program', 'notes'].map((file) => statSync(join(entry, file)).mode & 0o777);
    expect(modes).toEqual([0o755, 0o755, 0o755, 0o644]);
  });

  it.each(['bin/program', '.files.json'])('is made again when %s was swept away', async (file) => {
    const entry = await cached('thing', fill);
    rmSync(join(entry, file));
    await cached('thing', fill);
    expect([made, existsSync(join(entry, file))]).toEqual([2, true]);
  });

  it('is made again when a file was cut short', async () => {
    const entry = await cached('thing', fill);
    writeFileSync(join(entry, 'notes'), '');
    await cached('thing', fill);
    expect(readFileSync(join(entry, 'notes'), 'utf8')).toBe('one');
  });

  it('is not there, nor anything else, when making it failed', async () => {
    const failing = cached('thing', async (work) => {
      await fill(work);
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(readdirSync(cacheDir())).toEqual([]);
  });

  it('is whole when several make it at the same time', async () => {
    const entries = await Promise.all([1, 2, 3].map(() => cached('thing', fill)));
    expect(new Set(entries).size).toBe(1);
    expect(readdirSync(cacheDir())).toEqual(['thing']);
    await cached('thing', fill);
    expect(made).toBe(3);
  });

  it('sweeps what a killed process left half made, but not what is being made', async () => {
    for (const name of ['thing.new-old', 'thing.new-now']) mkdirSync(join(cacheDir(), name));
    utimesSync(join(cacheDir(), 'thing.new-old'), 0, 0);
    await cached('thing', fill);
    expect(readdirSync(cacheDir()).sort()).toEqual(['thing', 'thing.new-now']);
  });
});
