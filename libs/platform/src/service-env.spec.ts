import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { forgetLab, noteLab, notedLabs, serviceEnvPath } from './lab-files.js';
import { readServiceEnv } from './service-env.js';

describe('the environment of a service that is started by hand', () => {
  let place: string;
  let root: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'lockstep-env-spec-'));
    root = join(place, 'checkout');
    mkdirSync(root);
  });
  afterEach(() => rmSync(place, { recursive: true }));

  const plan = (dataDir: string, database: string) => {
    const path = serviceEnvPath(dataDir, 'comparator');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `DATABASE_URL="${database}"\nLOG_LEVEL="warn"\n`);
  };
  const read = (env: NodeJS.ProcessEnv = {}) => readServiceEnv('comparator', env, root);

  it('is its own where that names a database', () => {
    plan(join(root, '.lockstep'), 'planned');
    expect(read({ DATABASE_URL: 'given' })).toEqual({ DATABASE_URL: 'given' });
  });

  it('is what the lab of the checkout wrote down, and its own wins', () => {
    plan(join(root, '.lockstep'), 'planned');
    expect(read({ LOG_LEVEL: 'debug' })).toEqual({ DATABASE_URL: 'planned', LOG_LEVEL: 'debug' });
  });

  it('is found where the data lie, when that is elsewhere', () => {
    const elsewhere = join(place, 'elsewhere');
    plan(elsewhere, 'planned elsewhere');
    expect(read()).toEqual({});
    noteLab(root, elsewhere);
    expect(read()['DATABASE_URL']).toBe('planned elsewhere');
    forgetLab(root, elsewhere);
    expect([read(), notedLabs(root)]).toEqual([{}, []]);
  });

  it('is that of the lab which LOCKSTEP_DATA names, whatever else there is', () => {
    plan(join(root, '.lockstep'), 'first');
    plan(join(place, 'second'), 'second');
    expect(read({ LOCKSTEP_DATA: join(place, 'second') })['DATABASE_URL']).toBe('second');
    expect(read({ LOCKSTEP_DATA: join(place, 'none') })['DATABASE_URL']).toBeUndefined();
  });

  it('does not need a checkout that can be written to', () => {
    writeFileSync(join(root, '.lockstep'), 'in the way');
    for (const act of [noteLab, forgetLab]) expect(() => act(root, place)).not.toThrow();
    expect([notedLabs(root), read()]).toEqual([[], {}]);
  });
});
