import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { root } from './checkout.js';
import { variablesOf } from './compose-file.js';
import { readEnvExample } from './env-example.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { serviceEnv } from '#libs/platform/src/service-env.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const settings = readEnvExample(read('.env.example'));
const listed = settings.map(({ name }) => name);
const missing = (names: readonly string[]): string[] => names.filter((name) => !listed.includes(name));

/** The machine's, or what we tell a child process: no settings of ours. */
const testRunner = ['JEST_WORKER_ID'];
const machine = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'TERM', 'NO_COLOR'];
const forChildren = ['FORCE_COLOR', 'FONTCONFIG_PATH', 'LD_LIBRARY_PATH', 'LOCKSTEP_DEMO_APPS', 'LOCKSTEP_LAB_PLAN'];
const notOurs = [...machine, ...testRunner, ...forChildren];

type ToConfig = (env: Record<string, string>) => unknown;
const schemas = new Map<ServiceName, { names: string[]; toConfig: ToConfig }>();

/** The schema of a service is not exported: what it adds to the common one is seen when it does so. */
beforeAll(async () => {
  const extend = jest.spyOn(serviceEnv, 'extend');
  for (const service of services) {
    extend.mockClear();
    const { toConfig } = (await import(`#apps/${service}/src/${service}.config.js`)) as { toConfig: ToConfig };
    const added = extend.mock.calls.flatMap(([shape]) => Object.keys(shape));
    schemas.set(service, { names: [...Object.keys(serviceEnv.shape), ...added], toConfig });
  }
  extend.mockRestore();
});

/** Names that a program asks its environment for: `env.NAME`, `env['NAME']`, and `NAME: name` in an app's own config. */
function namesRead(): string[] {
  const files = globSync(['apps/{cli,journal,faulty-student}/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: root });
  return files
    .filter((file) => !file.endsWith('spec.ts'))
    .flatMap((file) => {
      const text = read(file);
      const asked = [...text.matchAll(/\benv(?:\.|\[')([A-Z][A-Z0-9_]+)\b/g)];
      const taken = file.endsWith('.config.ts') ? [...text.matchAll(/\b([A-Z][A-Z_]+): \w+(?: =|,| \})/g)] : [];
      return [...asked, ...taken].map((match) => match[1]!);
    })
    .filter((name) => !notOurs.includes(name));
}

const schemaNames = (): string[] => [...schemas.values()].flatMap(({ names }) => names);
const composeNames = (): string[] => variablesOf(read('docker-compose.yml')).map(({ name }) => name);

test('each line names one setting, and none twice', () => {
  expect(listed).toEqual([...new Set(listed)]);
  expect(() => readEnvExample('#PORT=8000 no meaning')).toThrow('.env.example, line 1');
});

test('the schemas of all five services are seen', () => {
  expect(schemas.get('gateway')?.names).toContain('SPAN_HOURS');
  expect(schemas.get('submission')?.names).toContain('FILL_MODE');
  expect(schemas.get('filler')?.names).toContain('FILL_DRIVER');
  expect(schemas.get('comparator')?.names).toContain('COMPARE_ENDPOINTS');
  expect(schemas.get('leaderboard')?.names).toContain('LOG_LEVEL');
});

test('every setting that a service reads is listed', () => {
  expect(missing(schemaNames())).toEqual([]);
});

test('every setting that lockstep, the libraries or an example app read is listed', () => {
  const names = namesRead();
  expect(names).toEqual(
    expect.arrayContaining(['LOCKSTEP_DATA', 'LOCKSTEP_URL', 'NATS_SERVER', 'JOURNAL_TITLE', 'FAULTS']),
  );
  expect(missing(names)).toEqual([]);
});

test('every variable of docker-compose.yml is listed', () => {
  expect(missing(composeNames())).toEqual([]);
});

test('nothing is listed that nobody reads', () => {
  const read = new Set([...schemaNames(), ...namesRead(), ...composeNames(), 'COMPOSE_PROFILES', 'DB_PATH']);
  expect(listed.filter((name) => !read.has(name))).toEqual([]);
});

test('the defaults that are shown are those that are used', () => {
  const needed = {
    DATABASE_URL: 'postgres://user:password@host:5432/database',
    NATS_URL: 'nats://user:password@host:4222',
    BASELINE_URL: 'https://baseline.example',
  };
  const shown = settings.filter(({ name, fallback }) => fallback !== '' && name !== 'PORT');
  const given = { ...needed, ...Object.fromEntries(shown.map(({ name, fallback }) => [name, fallback])) };
  for (const { toConfig } of schemas.values()) expect(toConfig(given)).toEqual(toConfig(needed));
  expect(schemas.get('gateway')?.toConfig(needed)).toMatchObject({
    http: { port: Number(settings.find(({ name }) => name === 'PORT')?.fallback) },
  });
});
