import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsConf, passwordVariable } from '../nats-conf.js';
import { about, unless, type Findings } from '../findings.js';
import type { Layout } from '../layout.js';
import { services } from '#libs/contracts/src/catalogue.js';
import { run } from '#libs/local/src/child.js';
import { findNatsServer } from '#libs/local/src/nats-binary.js';
import { silentProgress } from '#libs/local/src/progress.js';
import { brokerUsers } from '#libs/messaging/src/subjects.js';

const broker = 'nats';

/** deploy/nats.conf is what the catalogue gives, nats-server takes it, and each service logs in as its own user. */
export async function checkBroker(layout: Layout): Promise<Findings> {
  return [
    ...unless(
      layout.natsConf === natsConf(),
      'deploy/nats.conf is not what the catalogue gives: run node dist/deploy/nats-conf.js',
    ),
    ...about('docker-compose.yml', checkLogins(layout)),
    ...(await checkSyntax(layout)),
  ];
}

function checkLogins({ compose }: Layout): Findings {
  const passwords = compose.services[broker]?.environment ?? {};
  const variables = brokerUsers().map(({ name }) => passwordVariable(name));
  return [
    ...variables.flatMap((variable) => unless(passwords[variable], `${broker} is not given ${variable}`)),
    ...services.flatMap((name) => {
      const wanted = `nats://${name}:${passwords[passwordVariable(name)]}@${broker}:4222`;
      const given = compose.services[name]?.environment?.['NATS_URL'];
      return unless(given === wanted, `${name} must log in at ${broker}:4222 as ${name}, with that user's password`);
    }),
  ];
}

/** The real server reads the file, with the environment that its container has. */
async function checkSyntax({ compose, natsConf: text }: Layout): Promise<string[]> {
  const server = await findNatsServer(silentProgress);
  const directory = await mkdtemp(join(tmpdir(), 'lockstep-nats-conf-'));
  try {
    const file = join(directory, 'nats.conf');
    await writeFile(file, text);
    await run(server, ['-t', '-c', file], { deadlineMs: 20_000, env: { ...compose.services[broker]?.environment } });
    return [];
  } catch (error) {
    return [`nats-server refuses deploy/nats.conf: ${(error as Error).message.replaceAll(directory, 'deploy')}`];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
