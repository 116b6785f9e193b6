import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { NatsUser } from '#libs/local/src/nats-config.js';
import { startNats, type Nats } from '#libs/local/src/nats.js';
import { startPostgres, type Postgres } from '#libs/local/src/postgres.js';
import { hostService, type HostedService } from '#libs/local/src/service-host.js';
import { brokerUsersWithPasswords, planServices, type ServiceEnv } from '#libs/local/src/service-plan.js';
import { ServiceProcess } from '#libs/local/src/service-process.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { allAtOnce, everyStep } from '#libs/platform/src/closing.js';
import { inboxPrefix } from '#libs/messaging/src/subjects.js';
import { readLedger, type Ledger } from './ledger.js';
import { settle, type SettleOptions } from './settle.js';

export interface LabOptions {
  /** Services in this process. */
  readonly host?: readonly ServiceName[];
  /** Services as processes of their own, from dist/. */
  readonly split?: readonly ServiceName[];
  readonly env?: ServiceEnv;
  /** For one service only. */
  readonly envOf?: Partial<Record<ServiceName, ServiceEnv>>;
  /** True where a test restarts Postgres hard and needs the disk to be believed. */
  readonly fsync?: boolean;
}

const defaults: ServiceEnv = {
  LOG_LEVEL: process.env['LAB_LOG_LEVEL'] ?? 'silent',
  BASELINE_URL: 'http://127.0.0.1:9',
  EGRESS_ALLOW: '127.0.0.1:9',
};

/** May do everything on the broker, by hand and by mistake. No service has such rights. */
const operator: NatsUser = { name: 'operator', password: 'operator', publish: ['>'], subscribe: ['>'] };

/** Real Postgres and NATS in a directory of their own, with the services that a test names. */
export class Lab {
  readonly hosted = new Map<ServiceName, HostedService>();
  readonly processes = new Map<ServiceName, ServiceProcess[]>();

  private constructor(
    private readonly place: ReturnType<typeof throwawayDataDir>,
    readonly postgres: Postgres,
    readonly nats: Nats,
    readonly plan: Record<ServiceName, ServiceEnv>,
  ) {}

  get dir(): string {
    return this.place.dir;
  }

  static async start(options: LabOptions): Promise<Lab> {
    const place = throwawayDataDir({ onDisk: options.fsync ?? false });
    const { dir } = place;
    const postgres = await startPostgres({ dir, fsync: options.fsync ?? false });
    const nats = await startNats({ dir, users: [...brokerUsersWithPasswords(dir), operator] });
    const plan = await planServices({ dir, postgres, natsUrl: nats.url, common: { ...defaults, ...options.env } });
    for (const name of services) Object.assign(plan[name], options.envOf?.[name]);
    const lab = new Lab(place, postgres, nats, plan);
    try {
      await Promise.all((options.host ?? []).map((name) => lab.host(name)));
      await Promise.all((options.split ?? []).map((name) => lab.spawn(name)));
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  async host(name: ServiceName): Promise<HostedService> {
    const service = await hostService(name, this.plan[name]);
    this.hosted.set(name, service);
    return service;
  }

  /** A process of its own; `failpoints` as in LOCKSTEP_FAILPOINTS. Does not wait for readiness when it is meant to die before. */
  async spawn(name: ServiceName, failpoints = '', onLine?: (line: string) => void): Promise<ServiceProcess> {
    const env = { ...this.plan[name], ...(failpoints ? { LOCKSTEP_FAILPOINTS: failpoints } : {}) };
    const child = await ServiceProcess.start(name, { root: process.cwd(), env, ...(onLine ? { onLine } : {}) });
    this.processes.set(name, [...(this.processes.get(name) ?? []), child]);
    return child;
  }

  /** What runs now: hosted here, or as a process. */
  running(): ServiceName[] {
    return services.filter((name) => this.hosted.has(name) || this.alive(name).length > 0);
  }

  /** A statement in a service's database, for assertions on rows. Throws while Postgres is away. */
  async query<Row extends object>(service: ServiceName, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = await this.connected(service);
    return (await client.query(sql, parameters)).rows as Row[];
  }

  /** One connection per database, made anew when it was lost. */
  private connected(service: ServiceName): Promise<pg.Client> {
    const open = this.clients.get(service);
    if (open) return open;
    const client = new pg.Client({ connectionString: this.plan[service]['DATABASE_URL'] });
    const forget = () => void this.clients.delete(service);
    client.on('error', forget).on('end', forget);
    const connecting = client.connect().then(() => client);
    connecting.catch(forget);
    this.clients.set(service, connecting);
    return connecting;
  }
  private readonly clients = new Map<ServiceName, Promise<pg.Client>>();

  /** Speaks on the bus as one of its users. */
  connectAs(user: ServiceName | 'staff' | 'operator', options: { inboxPrefix?: string } = {}): Promise<NatsConnection> {
    const { password } = [operator, ...brokerUsersWithPasswords(this.dir)].find((one) => one.name === user)!;
    const isService = user !== 'staff' && user !== 'operator';
    return connect({
      servers: new URL(this.nats.url).host,
      user,
      pass: password,
      inboxPrefix: options.inboxPrefix ?? (isService ? inboxPrefix(user) : '_INBOX'),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
  }

  /** The processes of a service that live. */
  alive(name: ServiceName): ServiceProcess[] {
    return (this.processes.get(name) ?? []).filter((one) => one.running);
  }

  /** Waits until nothing is left to do; throws with what is left when it takes too long. */
  settle(options: SettleOptions = {}): Promise<void> {
    return settle(this, options);
  }

  ledger(): Promise<Ledger> {
    return readLedger(this);
  }

  /** All of it, also when a part cannot be stopped; then throws what that part said. */
  stop(): Promise<void> {
    const children = [...this.processes.values()].flat();
    const clients = [...this.clients.values()];
    return everyStep([
      () => allAtOnce([...this.hosted.values()].map((service) => () => service.close())),
      () => allAtOnce(children.map((child) => () => (child.signal('SIGCONT'), child.stop()))),
      () => this.nats.stop(),
      () => allAtOnce(clients.map((client) => async () => (await client).end())),
      () => this.postgres.stop(),
      () => this.place.remove(),
    ]);
  }
}
