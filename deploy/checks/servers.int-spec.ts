import { checkBroker } from './broker.js';
import { checkDatabases } from './databases.js';
import { checkNestBuild } from './nest-build.js';
import { readLayout, readText, type Layout } from '../layout.js';

const sound = readLayout();
function planted(...changes: readonly (readonly [from: string, to: string])[]): Layout {
  let composeText = sound.composeText;
  for (const [from, to] of changes) {
    if (!composeText.includes(from)) throw new Error(`docker-compose.yml has no "${from}" any more`);
    composeText = composeText.replace(from, () => to);
  }
  return readLayout({ composeText });
}

describe('the broker', () => {
  test('the generated file is accepted, and every service logs in as itself', async () => {
    expect(await checkBroker(sound)).toEqual([]);
  });

  test('a file that was edited by hand is found, and what nats-server says of it', async () => {
    const natsConf = sound.natsConf.replace('max_payload: 1MB', 'max_payloads: 1MB');
    expect(await checkBroker({ ...sound, natsConf })).toEqual([
      expect.stringContaining('run node dist/deploy/nats-conf.js'),
      expect.stringMatching(/nats-server refuses deploy\/nats\.conf: .*max_payloads/),
    ]);
  });

  test('a password that the broker is not given is found', async () => {
    expect(await checkBroker(planted(['NATS_STAFF_PASSWORD:', 'STAFF_PASSWORD:']))).toEqual([
      expect.stringContaining('nats is not given NATS_STAFF_PASSWORD'),
      expect.stringMatching(/variable reference for 'NATS_STAFF_PASSWORD'/),
    ]);
  });

  test('a service with the login of another is found', async () => {
    expect(
      await checkBroker(planted(['nats://filler:${NATS_FILLER_PASSWORD', 'nats://filler:${NATS_STAFF_PASSWORD'])),
    ).toEqual([expect.stringContaining('filler must log in at nats:4222 as filler')]);
  });
});

describe('the databases', () => {
  test('the init scripts run, and each app gets into its own database and no other', async () => {
    expect(await checkDatabases(sound)).toEqual([]);
  });

  test('a wrong password, a password that is not given and an untested Postgres are found', async () => {
    const layout = planted(
      ['lockstep_filler:${FILLER_DATABASE_PASSWORD', 'lockstep_filler:${GATEWAY_DATABASE_PASSWORD'],
      ['BASELINE_DATABASE_PASSWORD: $', 'BASELINE_PASSWORD: $'],
      ['postgres:18.4-bookworm', 'postgres:17.4-bookworm'],
    );
    expect(await checkDatabases(layout)).toEqual([
      expect.stringMatching(/, postgres: Lockstep is tested on postgres:18\.x/),
      expect.stringMatching(
        /, filler: its DATABASE_URL does not work on a fresh postgres: password authentication failed/,
      ),
      expect.stringMatching(/, apps-postgres: Lockstep is tested on postgres:18\.x/),
      './deploy/postgres/apps.sql: the container is not given BASELINE_DATABASE_PASSWORD',
      expect.stringMatching(/, baseline: its DATABASE_URL does not work on a fresh apps-postgres/),
      expect.stringMatching(/, faithful: its DATABASE_URL does not work on a fresh apps-postgres/),
    ]);
  });

  test('a script that forgets to close the databases is found', async () => {
    const findings = await checkDatabases(sound, (path) => readText(path).replace('  lockstep_gateway, ', '  '));
    expect(findings).toHaveLength(4);
    expect(findings[0]).toMatch(/, submission: it also gets into lockstep_gateway of postgres/);
  });
});

describe('nest build', () => {
  test('makes a checkout ready for nest start of every service', async () => {
    expect(await checkNestBuild(sound)).toEqual([]);
  });

  test('that leaves the libs out is found, with what is missing', async () => {
    const file = readText('nest-cli.json').replace('"filenames": ["apps", "libs"]', '"filenames": ["apps"]');
    expect(await checkNestBuild(sound, () => file)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^nest build: comparator does not start from it \(.*\)$/)]),
    );
  });
});
