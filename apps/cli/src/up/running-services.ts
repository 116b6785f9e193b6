import { Supervised } from './supervised.js';
import { root } from '../installation.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { hostService, type HostedService } from '#libs/local/src/service-host.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';
import { ServiceProcess } from '#libs/local/src/service-process.js';

export interface RunningServices {
  stop(): Promise<void>;
}

type Plan = Readonly<Record<ServiceName, ServiceEnv>>;

/** All services in this process; each still speaks only through NATS and its own database. */
export async function hostAll(plan: Plan): Promise<RunningServices> {
  const started = await Promise.allSettled(services.map((name) => hostService(name, plan[name])));
  const hosted = started.flatMap((one): HostedService[] => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(hosted.map((service) => service.close()));
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { stop };
}

/** One process per service, as containers do; one that ends by itself is started again. */
export async function splitAll(plan: Plan, told: (line: string) => void): Promise<RunningServices> {
  const supervised = services.map(
    (name) =>
      new Supervised({ name, told, start: () => ServiceProcess.start(name, { root, env: plan[name], traced: true }) }),
  );
  const stop = async () => {
    await Promise.all(supervised.map((one) => one.stop()));
  };
  try {
    await Promise.all(supervised.map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
