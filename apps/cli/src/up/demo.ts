import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DemoApp } from '../commands/demo-apps.js';
import { startChildProgram } from './child-program.js';
import { Supervised } from './supervised.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';
import { rememberedPort } from '#libs/local/src/ports.js';
import type { Postgres } from '#libs/local/src/postgres.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';

/** A demo that shows something: a baseline, an app that does everything right, one that loses what it acknowledged. */
export interface Demo {
  readonly baselineUrl: string;
  /** Exact host:port of every demo app, for EGRESS_ALLOW. */
  readonly allow: readonly string[];
  /** Submits the student apps as anybody would; again after an address has changed. */
  submit(gatewayUrl: string): Promise<void>;
  stop(): Promise<void>;
}

const firstPort = 8101;

export interface DemoParts {
  readonly dataDir: string;
  readonly postgres: Postgres;
  readonly logFile: string;
  /** Of what happens to it later. */
  readonly told: (line: string) => void;
}

export async function startDemo({ dataDir, postgres, logFile, told }: DemoParts): Promise<Demo> {
  const ports = await demoPorts(dataDir);
  const journal = async (title: string, name: keyof Ports): Promise<DemoApp> => ({
    kind: 'journal',
    title,
    port: ports[name],
    databaseUrl: await databaseFor(dataDir, postgres, name),
  });
  const lossy = {
    target: at(ports.lossyStore),
    port: ports.lossy,
    faults: [{ name: 'drop-acknowledged', everyNth: 4, kinds: ['entry'] }],
  };
  const apps: DemoApp[] = [
    await journal('Baseline', 'baseline'),
    await journal('Faithful', 'faithful'),
    await journal('Lossy', 'lossyStore'),
    { kind: 'faulty-student', ...lossy },
  ];
  const env = { LOCKSTEP_DEMO_APPS: JSON.stringify(apps) };
  const program = new Supervised({
    name: 'The process of the demo apps',
    start: () => startChildProgram(['demo-apps'], env, logFile),
    told,
  });
  await program.start();
  const students = [
    { name: 'Faithful', url: at(ports.faithful) },
    { name: 'Lossy', url: at(ports.lossy) },
  ];
  return {
    baselineUrl: at(ports.baseline),
    allow: [ports.baseline, ports.faithful, ports.lossy].map((port) => `127.0.0.1:${port}`),
    submit: async (gatewayUrl) => {
      for (const student of students)
        await submitOnce(gatewayUrl, join(dataDir, 'demo', `${student.name}.json`), student);
    },
    stop: () => program.stop(),
  };
}

type Ports = Record<'baseline' | 'faithful' | 'lossy' | 'lossyStore', number>;

/** The same over restarts while they are free: addresses that were submitted stay true. */
async function demoPorts(dataDir: string): Promise<Ports> {
  const port = (name: string, index: number) => rememberedPort(dataDir, `demo-${name}`, firstPort + index);
  return {
    baseline: await port('baseline', 0),
    faithful: await port('faithful', 1),
    lossy: await port('lossy', 2),
    lossyStore: await port('lossyStore', 3),
  };
}

const at = (port: number): string => `http://127.0.0.1:${port}`;

function databaseFor(dataDir: string, postgres: Postgres, name: string): Promise<string> {
  const secret = `database:demo_${name}`;
  const password = readOrCreateSecrets(dataDir, [secret])[secret]!;
  return postgres.ensureDatabase(`demo_${name.toLowerCase()}`, { password });
}

/** The claim code of the first submission is kept, so that the same app is updated when its address changes. */
async function submitOnce(gatewayUrl: string, file: string, student: { name: string; url: string }): Promise<void> {
  const known = readKnown(file);
  if (known?.url === student.url) return;
  const body = { ...student, ...(known ? { claimCode: known.claimCode } : {}) };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${gatewayUrl}/api/v1/apps`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The demo app ${student.name} was not taken: ${await response.text()}`);
  const app = (await response.json()) as SubmittedApp;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ url: student.url, claimCode: app.claimCode ?? known?.claimCode }), {
    mode: 0o600,
  });
}

function readKnown(file: string): { url: string; claimCode: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { url: string; claimCode: string };
  } catch {
    return undefined;
  }
}
