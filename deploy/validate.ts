/**
 * `./lockstep test deploy`: everything that can be known about the deploy files without a Docker engine, with the real
 * configuration code, nats-server and Postgres. Prints one line for each check and one for each mistake; exit code 1 for any.
 */
import { checkBroker } from './checks/broker.js';
import { checkBrowserSandbox } from './checks/browser-sandbox.js';
import { checkComposeSchema } from './checks/compose-schema.js';
import { checkContainers } from './checks/containers.js';
import { checkDatabases } from './checks/databases.js';
import { checkDockerfile } from './checks/dockerfile.js';
import { checkEnvironments } from './checks/environments.js';
import { checkNestBuild } from './checks/nest-build.js';
import { checkNestProjects } from './checks/nest-projects.js';
import { checkNetworks } from './checks/networks.js';
import { checkPorts } from './checks/ports.js';
import { checkTelemetry } from './checks/telemetry.js';
import { checkVariables } from './checks/variables.js';
import type { Findings } from './findings.js';
import { readLayout, type Check } from './layout.js';

const checks: readonly (readonly [title: string, check: Check])[] = [
  ['docker-compose.yml keeps to the Compose specification', checkComposeSchema],
  ['every variable is known, and secrets have no default', checkVariables],
  ['containers are pinned, limited and without privileges', checkContainers],
  ['only the gateway is reachable, apps under test are apart', checkNetworks],
  ['every app accepts the settings of its container', checkEnvironments],
  ['ports and health checks agree with the image', checkPorts],
  ['the Dockerfile keeps to its rules', checkDockerfile],
  ["Chromium has its sandbox in the filler's container", checkBrowserSandbox],
  ['nats.conf is generated, accepted and used', checkBroker],
  ['the init scripts run, each app opens its own database only', checkDatabases],
  ['traces and figures reach their collectors', checkTelemetry],
  ['nest-cli.json knows every app and lib', checkNestProjects],
  ['nest build makes a checkout ready for nest start', checkNestBuild],
];

const layout = readLayout();
for (const [title, check] of checks) {
  const findings = await run(check);
  process.stdout.write(`${findings.length === 0 ? '✓' : '✗'} ${title}\n`);
  for (const finding of findings) process.stdout.write(`    ${finding}\n`);
  if (findings.length > 0) process.exitCode = 1;
  if (findings.length > 0 && check === checkComposeSchema) break; // the others read it as a compose file
}

/** A check that cannot be made has failed: no nats-server to be had, no Postgres for this machine. */
async function run(check: Check): Promise<Findings> {
  try {
    return await check(layout);
  } catch (error) {
    return [`could not be checked: ${(error as Error).message}`];
  }
}
