import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogFiles } from './log-files.js';

describe('the logs of a lab', () => {
  let dir: string;
  let told: string[];
  let logs: LogFiles;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lockstep-logs-'));
    told = [];
    logs = new LogFiles(dir, (line) => told.push(line), 100);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are cut while they are written, and what was cut is kept aside once', async () => {
    const file = logs.fileOf('comparator');
    const writer = openSync(file, 'a');
    for (const round of ['first', 'second']) {
      writeSync(writer, `${round} ${'x'.repeat(100)}\n`);
      await logs.cutLarge();
      expect(readFileSync(file, 'utf8')).toBe('');
      expect(readFileSync(`${file}.1`, 'utf8')).toMatch(new RegExp(`^${round} x+\n$`));
    }
    writeSync(writer, 'after\n');
    await logs.cutLarge();
    expect(readFileSync(file, 'utf8')).toBe('after\n');
    closeSync(writer);
    expect(told).toEqual([]);
  });

  it('are left alone while they are small, or not there', async () => {
    const file = logs.fileOf('filler');
    await logs.cutLarge();
    expect([existsSync(file), existsSync(`${file}.1`), told]).toEqual([false, false, []]);
  });

  it('are looked at from the start on', async () => {
    const file = logs.fileOf('gateway');
    const writer = openSync(file, 'a');
    writeSync(writer, 'x'.repeat(200));
    closeSync(writer);
    logs.start();
    await logs.stop();
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
