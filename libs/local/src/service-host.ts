import type { ServiceEnv } from './service-plan.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import type { ServiceDefinition } from '#libs/messaging/src/start-service.js';

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

/** What a service's database holds, without starting the service. */
export async function loadSchema(name: ServiceName): Promise<Omit<ServiceDefinition, 'module'>> {
  const { schema } = (await import(`#apps/${name}/src/bootstrap.js`)) as { schema: Omit<ServiceDefinition, 'module'> };
  return schema;
}

/** An app that is no service: the reference app, or a student's that misbehaves. For demo and tests. */
export interface HostedApp {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export async function hostApp<Config>(name: 'journal' | 'faulty-student', config: Config): Promise<HostedApp> {
  const { bootstrap } = (await import(`#apps/${name}/src/bootstrap.js`)) as {
    bootstrap(config: Config): Promise<HostedApp>;
  };
  return bootstrap(config);
}

/** Checks what a service would be told, without starting it: throws its table of what is wrong. */
export async function checkServiceEnv(name: ServiceName, env: ServiceEnv): Promise<void> {
  const { toConfig } = (await import(`#apps/${name}/src/${name}.config.js`)) as { toConfig(env: ServiceEnv): unknown };
  toConfig(env);
}
