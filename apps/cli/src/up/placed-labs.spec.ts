import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cardsOf, checkLab, placeLabs, readLabs, refuseSharedBaseline } from './placed-labs.js';
import { saveLab } from '../labs.js';
import { isFree } from '#libs/local/src/ports.js';

describe('the labs of an installation', () => {
  let place: string;
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'lockstep-placed-'))));
  afterEach(() => rmSync(place, { recursive: true }));

  const add = (name: string, settings: Record<string, string>) =>
    saveLab(place, { name, settings: { BASELINE_URL: `https://${name}.example`, PORT: '0', ...settings } });
  const read = (env: Record<string, string> = {}, demo = true) => readLabs(place, { PORT: '0', ...env }, demo);

  it('are the first alone, until others are added', async () => {
    expect((await read()).map(({ name, dir }) => [name, dir])).toEqual([['main', place]]);
    add('physics', {});
    expect((await read()).map(({ name, dir }) => [name, dir])).toEqual([
      ['main', place],
      ['physics', join(place, 'lab-physics')],
    ]);
  });

  it('have of the environment only what is of the machine: no address, token or password of the first', async () => {
    add('physics', { COMPARE_INTERVAL_SECONDS: '30' });
    add('maths', { HOST: '127.0.0.1' });
    const env = {
      ...{ HOST: '0.0.0.0', LOG_LEVEL: 'warn', EGRESS_ALLOW: '127.0.0.1:3000', FILL_INTERVAL_SECONDS: '60' },
      ...{ ADMIN_TOKEN: 't'.repeat(32), ADMIN_PASSWORD: 'p'.repeat(12), ADMIN_USERNAME: 'teacher', LAB_TITLE: 'First' },
    };
    const [main, maths, physics] = await read(env);
    expect(main!.settings).toMatchObject({ title: 'First', egressAllow: ['127.0.0.1:3000'] });
    expect(maths!.settings.host).toBe('127.0.0.1');
    expect(physics!.settings).toMatchObject({
      ...{ title: undefined, host: '0.0.0.0', egressAllow: [], baselineUrl: 'https://physics.example' },
      ...{ admin: { name: undefined, password: undefined, token: undefined } },
      ...{ common: { LOG_LEVEL: 'warn', COMPARE_INTERVAL_SECONDS: '30' }, gateway: { HOST: '0.0.0.0' } },
    });
  });

  it('are told at once what is wrong with any of them, and with which', async () => {
    add('physics', { FILL_MODE: 'some', PUBLIC_URL: 'physics' });
    add('maths', { BASELINE_URL: '' });
    const failure = await read({ HISTORY: 'half' }).catch((error: Error) => error.message);
    for (const name of ['HISTORY ', 'FILL_MODE of physics ', 'PUBLIC_URL of physics ', 'BASELINE_URL of maths '])
      expect(failure).toContain(`\n  ${name}`);
  });

  it('do not share a baseline, a port, or the account of a broker', async () => {
    add('physics', {});
    add('maths', { SHADOW_BASELINE_URL: 'https://physics.example/' });
    await expect(read()).rejects.toThrow(
      'https://physics.example/ is the baseline of maths and of physics: both would',
    );
    add('maths', { PORT: '8020' });
    expect(() => refuseSharedBaseline([], 'https://b')).not.toThrow();
    const labs = await read();
    expect(() => refuseSharedBaseline(labs, 'https://physics.example')).toThrow(
      'is the baseline of main and of physics',
    );
    await expect(placeLabs(await read({ PORT: '8020' }))).rejects.toThrow(
      'Port 8020 is that of lab main. Give maths another PORT (./lockstep labs add, or set).',
    );
    await expect(read({ NATS_URL: 'nats://u:p@h:4222' })).rejects.toThrow(
      /^NATS_URL gives one broker account, and 3 labs/,
    );
  });

  it('are checked before they are saved, beside those that are there', async () => {
    add('physics', { PORT: '8020' });
    const maths = (settings: Record<string, string>) => checkLab(place, { name: 'maths', settings });
    await expect(maths({})).rejects.toThrow('BASELINE_URL  is missing');
    await expect(maths({ BASELINE_URL: 'https://m.example', PORT: '8020' })).rejects.toThrow(
      'Port 8020 is that of lab physics.',
    );
    await expect(maths({ BASELINE_URL: 'https://physics.example', PORT: '8021' })).rejects.toThrow(
      'is the baseline of',
    );
    await maths({ BASELINE_URL: 'https://m.example', PORT: '8021' });
    await checkLab(place, { name: 'physics', settings: { BASELINE_URL: 'https://physics.example', PORT: '8020' } });
  });

  it('are shown to each other by title, port and address, and by nothing else', async () => {
    add('physics', { LAB_TITLE: 'Physics 2', PUBLIC_URL: 'https://physics.school.example' });
    const placed = await placeLabs(await read());
    const [main, physics] = placed.map(({ port }) => port);
    expect(cardsOf(placed)).toEqual([
      { name: 'main', title: 'main', port: main, address: null },
      { name: 'physics', title: 'Physics 2', port: physics, address: 'https://physics.school.example' },
    ]);
    expect(await isFree(physics!)).toBe(true);
  });
});
