import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './exit-code.js';
import { readAssignments } from './lab-assignments.js';
import { labBeside, labDir, labsBeside, nextPort, saveLab, toNewName } from './labs.js';

describe('the labs beside the first', () => {
  let place: string;
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'lockstep-labs-'))));
  afterEach(() => rmSync(place, { recursive: true }));

  it('have each a directory that nobody else may look into, and the first one that of the installation', () => {
    saveLab(place, { name: 'physics', settings: { PORT: '8001' } });
    saveLab(place, { name: 'maths', settings: { PORT: '8002', LAB_TITLE: 'Maths' } });
    for (const other of ['log', 'lab-', 'lab-empty', 'labs']) mkdirSync(join(place, other));
    expect(labsBeside(place).map(({ name, settings }) => [name, settings['PORT']])).toEqual([
      ['maths', '8002'],
      ['physics', '8001'],
    ]);
    expect(labDir(place, 'main')).toBe(place);
    expect(statSync(labDir(place, 'physics')).mode & 0o777).toBe(0o700);
    expect(statSync(join(labDir(place, 'physics'), 'settings.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'Physics', '1st', '-a', 'a_b', 'a.b', '../x', 'a b', 'x'.repeat(25)])('are not called "%s"', (name) => {
    expect(() => toNewName(place, name)).toThrow(UsageError);
    expect(() => toNewName(place, name)).toThrow(/^"[^\n]*" is no name for a lab: it must be a letter, then/);
  });

  it.each(['a', 'x'.repeat(24), 'physics-2'])('may be called %s, once', (name) => {
    expect(toNewName(place, name)).toBe(name);
    saveLab(place, { name, settings: {} });
    expect(() => toNewName(place, name)).toThrow(`There is a lab ${name} already.`);
  });

  it('leave the first its name, and it has no settings here', () => {
    expect(() => toNewName(place, 'main')).toThrow('There is a lab main already.');
    expect(() => labBeside(place, 'main')).toThrow('main is the lab that is always there');
    saveLab(place, { name: 'physics', settings: {} });
    expect(() => labBeside(place, 'maths')).toThrow('No lab is called maths. There is main, physics.');
  });

  it('get the next port from 8001 on that none of them has and nobody listens on', async () => {
    const busy = new Set([8002]);
    const next = () => nextPort(place, (port) => Promise.resolve(!busy.has(port)));
    expect(await next()).toBe(8001);
    saveLab(place, { name: 'physics', settings: { PORT: '8001' } });
    expect(await next()).toBe(8003);
    saveLab(place, { name: 'maths', settings: { PORT: '8003' } });
    busy.clear();
    expect(await next()).toBe(8002);
    expect(labBeside(place, 'physics').settings['PORT']).toBe('8001');
  });

  it('whose settings are broken are said, with the file', () => {
    saveLab(place, { name: 'physics', settings: {} });
    writeFileSync(join(labDir(place, 'physics'), 'settings.json'), '{');
    expect(() => labsBeside(place)).toThrow(
      /lab-physics\/settings\.json cannot be read as the settings of lab physics/,
    );
  });
});

describe('a setting of a lab', () => {
  it('is NAME=value, of what is its own', () => {
    expect(readAssignments(['BASELINE_URL=https://b.example/?a=b', 'LAB_TITLE=', 'HOST=0.0.0.0'])).toEqual({
      ...{ BASELINE_URL: 'https://b.example/?a=b', LAB_TITLE: '', HOST: '0.0.0.0' },
    });
  });

  it.each([
    ['https://b.example', '"https://b.example" is no setting: write NAME=value'],
    ['baseline=x', '"baseline=x" is no setting'],
    ['DATABASE_URL=postgres://x', 'DATABASE_URL is no setting of a lab. There is LAB_TITLE, PUBLIC_URL, PORT'],
    ['NATS_URL=nats://x', 'NATS_URL is no setting of a lab.'],
    ['LABS=[]', 'LABS is no setting of a lab.'],
  ])('is not %s', (text, words) => {
    expect(() => readAssignments([text])).toThrow(UsageError);
    expect(() => readAssignments([text])).toThrow(words);
  });
});
