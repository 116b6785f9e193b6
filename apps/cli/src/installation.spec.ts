import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  apiToken,
  apiUrl,
  findLab,
  NoLab,
  NotRunning,
  readServicePlan,
  removeRunFile,
  writeRunFile,
  writeServicePlans,
} from './installation.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';
import { noteLab } from '#libs/platform/src/lab-files.js';

describe('the lab that a command speaks to', () => {
  let place: string;
  let checkout: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'lockstep-installation-'));
    checkout = join(place, 'checkout');
    mkdirSync(join(checkout, '.lockstep'), { recursive: true });
  });
  afterEach(() => rmSync(place, { recursive: true }));

  /** Writes down a lab on these data, noted in our checkout; `pid` of one that was killed is that of nobody. */
  function lab(name: string, pid = process.pid): string {
    const dataDir = name === 'usual' ? join(checkout, '.lockstep') : join(place, name);
    mkdirSync(dataDir, { recursive: true });
    const run = { lab: 'main', url: `http://${name}`, natsUrl: 'nats://x', broker: 'ours', dataDir, pid };
    writeFileSync(join(dataDir, 'run.json'), JSON.stringify(run), { mode: 0o600 });
    noteLab(checkout, dataDir);
    return dataDir;
  }
  const found = (env: NodeJS.ProcessEnv = {}) => findLab(env, checkout).url;
  const twice = (text: string) => [text, text];
  const killed = () => spawnSync('true').pid;

  it('is the one on the usual data, also while a second one runs on its own', () => {
    lab('usual');
    const second = lab('second');
    expect([found(), found({ LOCKSTEP_DATA: second })]).toEqual(['http://usual', 'http://second']);
  });

  it('is the only one that runs, wherever its data lie', () => {
    lab('usual', killed());
    lab('second');
    expect(found()).toBe('http://second');
  });

  it('has to be named when there are several and none on the usual data', () => {
    const [second, third] = [lab('second'), lab('third')];
    expect(() => found()).toThrow('2 labs run from this checkout. Say which one: LOCKSTEP_DATA=');
    expect(found({ LOCKSTEP_DATA: third })).toBe('http://third');
    rmSync(join(second, 'run.json'));
    expect(found()).toBe('http://third');
  });

  it('is none: said with what to do', () => {
    lab('usual', killed());
    expect(() => found()).toThrow(NoLab);
    expect(() => found()).toThrow('No lab runs from this checkout. Start one with ./lockstep up, or set LOCKSTEP_URL.');
    lab('second');
    expect(() => found({ LOCKSTEP_DATA: join(place, 'nowhere') })).toThrow(/^No lab runs on LOCKSTEP_DATA=.*nowhere/);
  });

  it('writes down where it is as a whole, for nobody else, and takes that back', () => {
    const dataDir = lab('usual');
    const run = {
      lab: 'main',
      url: 'http://x',
      natsUrl: 'nats://x',
      broker: 'given' as const,
      dataDir,
      pid: process.pid,
    };
    writeRunFile(run);
    const path = join(dataDir, 'run.json');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(run);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    removeRunFile(run);
    expect(() => found({ LOCKSTEP_DATA: dataDir })).toThrow(NotRunning);
  });

  it('is the one that LOCKSTEP_LAB names, of that installation and of no other', () => {
    const usual = lab('usual');
    lab('elsewhere/lab-physics');
    const named = { LOCKSTEP_LAB: 'physics' };
    expect(() => found(named)).toThrow(/^No lab physics runs at http:\/\/usual\. \.\/lockstep labs list shows/);
    expect(() => found(named)).toThrow(NoLab);
    const dataDir = join(usual, 'lab-physics');
    mkdirSync(dataDir);
    const run = {
      lab: 'physics',
      url: 'http://physics',
      natsUrl: 'x',
      broker: 'ours' as const,
      dataDir,
      pid: process.pid,
    };
    writeRunFile(run);
    expect([found(named), found({ LOCKSTEP_LAB: 'main' }), found()]).toEqual([
      'http://physics',
      ...twice('http://usual'),
    ]);
    expect(() => found({ LOCKSTEP_LAB: '../x' })).toThrow('"../x" is no name for a lab: it must be a letter, then');
  });

  it('is not asked for twice over', () => {
    const both = { LOCKSTEP_URL: 'https://elsewhere.example', LOCKSTEP_LAB: 'physics' };
    expect(() => apiUrl(both)).toThrow('LOCKSTEP_URL says already which lab is meant');
  });

  it('gives its token to itself and to no other host', () => {
    const dataDir = lab('usual');
    const plan = Object.fromEntries(services.map((name) => [name, {}])) as Record<ServiceName, ServiceEnv>;
    writeServicePlans(dataDir, { ...plan, gateway: { ADMIN_TOKEN: 'ours', PORT: '8000', LOG_FILE: '/log' } });
    expect(readServicePlan(dataDir, 'gateway')).toEqual({ ADMIN_TOKEN: 'ours', PORT: '0' });
    const LABS = '[{"title":"a\\\\b"}]';
    writeServicePlans(dataDir, { ...plan, gateway: { ADMIN_TOKEN: 'ours', LABS } });
    expect(readServicePlan(dataDir, 'gateway')['LABS']).toBe(LABS);
    const here = { LOCKSTEP_DATA: dataDir };
    expect([apiUrl(here), apiToken(here)]).toEqual(['http://usual', 'ours']);
    const elsewhere = { ...here, LOCKSTEP_URL: 'https://elsewhere.example/' };
    expect([apiUrl(elsewhere), apiToken(elsewhere)]).toEqual(['https://elsewhere.example', undefined]);
    expect(apiToken({ ...elsewhere, LOCKSTEP_TOKEN: 'theirs' })).toBe('theirs');
  });
});
