import { startChildProgram } from './child-program.js';
import { Supervised } from './supervised.js';
import { root } from '../installation.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { hostService, type HostedService } from '#libs/local/src/service-host.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';
import { ServiceProcess } from '#libs/local/src/service-process.js';

export interface RunningServices {
  stop(): Promise<void>;
}

export type Plan = Readonly<Record<ServiceName, ServiceEnv>>;

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

export interface Apart {
  /** Of the lab, when it is beside the first. */
  readonly lab?: string;
  readonly told: (line: string) => void;
}

/** All services in one process that is not ours: what goes wrong in it, or keeps it busy, does so to one lab. */
export async function hostApart(plan: Plan, { lab, told }: Apart, logFile: string): Promise<RunningServices> {
  const env = { LOCKSTEP_LAB_PLAN: JSON.stringify(plan) };
  const program = new Supervised({
    name: `The process of lab ${lab}`,
    told,
    start: () => startChildProgram({ args: ['lab-services'], env, logFile, traced: true, stopMsMax: 20_000 }),
  });
  await program.start();
  return { stop: () => program.stop() };
}

/** One process per service, as containers do; one that ends by itself is started again. */
export async function splitAll(plan: Plan, { lab, told }: Apart): Promise<RunningServices> {
  const supervised = services.map(
    (service) =>
      new Supervised({
        name: lab ? `${service} of ${lab}` : service,
        told,
        start: () => ServiceProcess.start(service, { root, env: plan[service], traced: true }),
      }),
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
