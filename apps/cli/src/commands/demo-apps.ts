import { Command } from 'commander';
import { hostApp, type HostedApp } from '#libs/local/src/service-host.js';

/** One app of the demo, as `up` tells it to its child process. */
export type DemoApp =
  | {
      readonly kind: 'journal';
      readonly title: string;
      readonly port: number;
      readonly databaseUrl: string;
      readonly poolMax: number;
    }
  | {
      readonly kind: 'faulty-student';
      readonly target: string;
      readonly port: number;
      readonly faults: readonly object[];
    };

/** Runs the demo's apps: foreign apps, so they have a process of their own, which ends with the lab. */
export const demoAppsCommand = (): Command =>
  new Command('demo-apps').description('(internal) runs the apps of the demo').action(async () => {
    const apps = JSON.parse(process.env['LOCKSTEP_DEMO_APPS'] ?? '[]') as DemoApp[];
    const running: HostedApp[] = await Promise.all(apps.map((app) => hostApp(app.kind, app)));
    process.stdout.write(`${JSON.stringify({ msg: 'ready', urls: running.map((app) => app.url) })}\n`);
    await new Promise<void>((done) => process.once('SIGTERM', () => done()));
    await Promise.all(running.toReversed().map((app) => app.close()));
  });
