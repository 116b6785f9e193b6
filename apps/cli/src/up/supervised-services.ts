import { setTimeout as sleep } from 'node:timers/promises';
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

const restartPauseMs = 500;
const restartPauseMsMax = 10_000;

/** One process per service, as containers do; one that ends by itself is started again. */
export async function splitAll(plan: Plan, told: (line: string) => void): Promise<RunningServices> {
  const supervised = services.map((name) => new SupervisedService(name, plan[name], told));
  try {
    await Promise.all(supervised.map((one) => one.start()));
  } catch (error) {
    await Promise.all(supervised.map((one) => one.stop()));
    throw error;
  }
  return { stop: async () => void (await Promise.all(supervised.map((one) => one.stop()))) };
}

class SupervisedService {
  private child: ServiceProcess | undefined;
  private stopping = false;

  constructor(
    private readonly name: ServiceName,
    private readonly env: ServiceEnv,
    private readonly told: (line: string) => void,
  ) {}

  async start(): Promise<void> {
    this.child = await ServiceProcess.start(this.name, { root, env: this.env, traced: true });
    void this.child.exited.then(() => this.revive());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.child?.stop();
  }

  private async revive(): Promise<void> {
    for (let pauseMs = restartPauseMs; !this.stopping; pauseMs = Math.min(pauseMs * 2, restartPauseMsMax)) {
      this.told(`${this.name} ended by itself; starting it again`);
      try {
        return await this.start();
      } catch (error) {
        this.told(error instanceof Error ? error.message : String(error));
        await sleep(pauseMs);
      }
    }
  }
}
