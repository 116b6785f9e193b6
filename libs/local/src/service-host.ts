import type { ServiceEnv } from './service-plan.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';

/** A service running in this process. */
export interface HostedService {
  getUrl(): Promise<string>;
  close(): Promise<unknown>;
}

/**
 * Starts a service in this process. Here, and nowhere else, an app is loaded by its name: whoever composes the system
 * (the command line, the tests) names the services it wants; no app imports another.
 */
export async function hostService(name: ServiceName, env: ServiceEnv): Promise<HostedService> {
  const { bootstrap } = (await import(`#apps/${name}/src/bootstrap.js`)) as {
    bootstrap(config: unknown): Promise<HostedService>;
  };
  const { toConfig } = (await import(`#apps/${name}/src/${name}.config.js`)) as { toConfig(env: ServiceEnv): unknown };
  return bootstrap(toConfig(env));
}
