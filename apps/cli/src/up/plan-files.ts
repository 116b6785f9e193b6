import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { NotRunning, servicePlanPath } from '../installation.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';

/** Writes down the environment of each service, readable by this user only: a second instance, `lockstep db` and `nest start` use it. */
export function writeServicePlans(plan: Readonly<Record<ServiceName, ServiceEnv>>): void {
  for (const [service, env] of Object.entries(plan)) {
    const own = { ...env, PORT: '0', LOG_FILE: undefined };
    const lines = Object.entries(own).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${JSON.stringify(value)}`],
    );
    mkdirSync(dirname(servicePlanPath(service)), { recursive: true, mode: 0o700 });
    writeFileSync(servicePlanPath(service), `${lines.join('\n')}\n`, { mode: 0o600 });
  }
}

export function readServicePlan(service: ServiceName): ServiceEnv {
  try {
    return parseEnv(readFileSync(servicePlanPath(service), 'utf8')) as ServiceEnv;
  } catch {
    throw new NotRunning('The lab has not been started from this checkout yet. Start it with ./lockstep up.');
  }
}
