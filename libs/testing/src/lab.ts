import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { startNats, type Nats } from '#libs/local/src/nats.js';
import { startPostgres, type Postgres } from '#libs/local/src/postgres.js';
import { hostService, type HostedService } from '#libs/local/src/service-host.js';
import { brokerUsersWithPasswords, planServices, withUser, type ServiceEnv } from '#libs/local/src/service-plan.js';
import { ServiceProcess } from '#libs/local/src/service-process.js';
import { settle, type SettleOptions } from './settle.js';
import { readLedger, type Ledger } from './ledger.js';

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

/** Real Postgres and NATS in a directory of their own, with the services that a test names. */
export class Lab {
  readonly hosted = new Map<ServiceName, HostedService>();
  readonly processes = new Map<ServiceName, ServiceProcess[]>();

  private constructor(
    readonly dir: string,
    readonly postgres: Postgres,
    readonly nats: Nats,
    readonly plan: Record<ServiceName, ServiceEnv>,
  ) {}

  static async start(options: LabOptions): Promise<Lab> {
    const dir = mkdtempSync(join(tmpdir(), 'lockstep-lab-'));
    chmodSync(dir, 0o711);
    const postgres = await startPostgres({ dir, fsync: options.fsync ?? false });
    const nats = await startNats({ dir, users: brokerUsersWithPasswords(dir) });
    const plan = await planServices({ dir, postgres, natsUrl: nats.url, common: { ...defaults, ...options.env } });
    for (const name of services) Object.assign(plan[name], options.envOf?.[name]);
    const lab = new Lab(dir, postgres, nats, plan);
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
    return services.filter(
      (name) => this.hosted.has(name) || (this.processes.get(name) ?? []).some((one) => one.running),
    );
  }

  /** A connection to a service's database, for assertions on rows. */
  async query<Row extends object>(service: ServiceName, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.plan[service]['DATABASE_URL'] });
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Speaks on the bus as one of its users. */
  connectAs(user: ServiceName | 'staff', options: { inboxPrefix?: string } = {}): Promise<NatsConnection> {
    const password = brokerUsersWithPasswords(this.dir).find((one) => one.name === user)!.password;
    const inboxPrefix = options.inboxPrefix ?? (user === 'staff' ? '_INBOX' : `_INBOX_${user}`);
    const url = new URL(withUser(this.nats.url, { name: user, password }));
    return connect({
      servers: url.host,
      user,
      pass: password,
      inboxPrefix,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
  }

  /** Waits until nothing is left to do; throws with what is left when it takes too long. */
  settle(options: SettleOptions = {}): Promise<void> {
    return settle(this, options);
  }

  ledger(): Promise<Ledger> {
    return readLedger(this);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.hosted.values()].map((service) => service.close()));
    await Promise.all([...this.processes.values()].flat().map((child) => (child.signal('SIGCONT'), child.stop())));
    await this.nats.stop();
    await this.postgres.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
