import { randomBytes } from 'node:crypto';
import type { Lab } from './lab.js';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import { hostApp, type HostedApp } from '#libs/local/src/service-host.js';

/** A student's app as a test sees it: its address, and what really happened in it. */
export interface StudentApp extends HostedApp {
  readonly name: string;
}

/** Faults as apps/faulty-student takes them. */
export type Fault = { readonly name: string } & Record<string, unknown>;

/** A baseline and student apps on loopback, each with its own database in the lab's Postgres. */
export class ClassOfApps {
  private readonly open: HostedApp[] = [];
  readonly students = new Map<string, StudentApp>();
  /** Address of each app's own database, by its name in lower case: what it really holds. */
  readonly databases = new Map<string, string>();

  private constructor(
    private readonly lab: Lab,
    readonly baseline: HostedApp,
  ) {
    this.open.push(baseline);
  }

  /** Starts the baseline, then the services that are named, told where it is and that local apps may be visited. */
  static async start(
    lab: Lab,
    students: Readonly<Record<string, readonly Fault[]>>,
    host: readonly ServiceName[] = services,
  ): Promise<ClassOfApps> {
    const databaseUrl = await databaseFor(lab, 'baseline');
    const baseline = await hostApp('journal', {
      databaseUrl,
      port: 0,
      title: 'Baseline',
      logLevel: 'silent',
    });
    const all = new ClassOfApps(lab, baseline);
    all.databases.set('baseline', databaseUrl);
    for (const [name, faults] of Object.entries(students)) await all.add(name, faults);
    await all.host(host);
    return all;
  }

  /** Starts services, told where the apps are that there are by now. */
  async host(names: readonly ServiceName[] = services): Promise<void> {
    this.allowEverything();
    await Promise.all(names.map((name) => this.lab.host(name)));
  }

  /** One more app; before the services start, or its address has been allowed. */
  async add(name: string, faults: readonly Fault[] = []): Promise<StudentApp> {
    const databaseUrl = await databaseFor(this.lab, name.toLowerCase());
    this.databases.set(name.toLowerCase(), databaseUrl);
    const journal = await hostApp('journal', {
      databaseUrl,
      port: 0,
      title: name,
      logLevel: 'silent',
    });
    this.open.push(journal);
    const app =
      faults.length === 0 ? journal : await hostApp('faulty-student', { target: journal.url, port: 0, faults });
    if (app !== journal) this.open.push(app);
    const student = Object.assign(app, { name });
    this.students.set(name, student);
    return student;
  }

  async stop(): Promise<void> {
    for (const app of this.open.splice(0).toReversed()) await app.close();
  }

  private allowEverything(): void {
    const allow = [this.baseline, ...this.students.values()].map((app) => `127.0.0.1:${app.port}`).join(',');
    for (const name of services)
      Object.assign(this.lab.plan[name], { BASELINE_URL: this.baseline.url, EGRESS_ALLOW: allow });
  }
}

const databaseFor = (lab: Lab, name: string): Promise<string> =>
  lab.postgres.ensureDatabase(`app_${name.replace(/\W/g, '_')}`, { password: randomBytes(16).toString('hex') });
