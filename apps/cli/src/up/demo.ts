import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DemoApp } from '../commands/demo-apps.js';
import { startChildProgram } from './child-program.js';
import { demoStudents, type DemoStudent } from './demo-students.js';
import { Supervised } from './supervised.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';
import { rememberedPort } from '#libs/local/src/ports.js';
import type { Postgres } from '#libs/local/src/postgres.js';
import { readOrCreateSecrets } from '#libs/local/src/secrets.js';

/** A demo that shows something: a baseline, an app that does everything right, and five that each do one thing wrong. */
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

export async function startDemo(parts: DemoParts): Promise<Demo> {
  const { dataDir, logFile, told } = parts;
  const baselinePort = await rememberedPort(dataDir, 'demo-baseline', firstPort);
  const students = await withPorts(dataDir, demoStudents(at(baselinePort), new Date()));
  const baseline = await journal(parts, { key: 'baseline', title: 'Baseline', port: baselinePort });
  const apps = [baseline];
  for (const student of students) apps.push(...(await appsOf(parts, student)));
  const program = new Supervised({
    name: 'The process of the demo apps',
    start: () =>
      startChildProgram({
        args: ['demo-apps'],
        env: { LOCKSTEP_DEMO_APPS: JSON.stringify(apps) },
        ...{ logFile, stopMsMax: 8_000 },
      }),
    told,
  });
  await program.start();
  return {
    baselineUrl: at(baselinePort),
    allow: [baselinePort, ...students.map(({ port }) => port)].map((port) => `127.0.0.1:${port}`),
    submit: async (gatewayUrl) => {
      for (const { name, port } of students)
        await submitOnce(gatewayUrl, join(dataDir, 'demo', `${name}.json`), { name, url: at(port) });
    },
    stop: () => program.stop(),
  };
}

interface PlacedStudent extends DemoStudent {
  readonly port: number;
  /** Of the journal behind the one that misbehaves. */
  readonly storePort: number;
}

/** The same over restarts while they are free: addresses that were submitted stay true. Those that people see come first. */
async function withPorts(dataDir: string, students: readonly DemoStudent[]): Promise<PlacedStudent[]> {
  const placed: PlacedStudent[] = [];
  for (const [index, student] of students.entries()) {
    const port = await rememberedPort(dataDir, `demo-${student.key}`, firstPort + 1 + index);
    const hasStore = student.faults.length > 0;
    const preferred = firstPort + 1 + students.length + index;
    const storePort = hasStore ? await rememberedPort(dataDir, `demo-${student.key}Store`, preferred) : port;
    placed.push({ ...student, port, storePort });
  }
  return placed;
}

async function appsOf(parts: DemoParts, { key, name, faults, port, storePort }: PlacedStudent): Promise<DemoApp[]> {
  if (faults.length === 0) return [await journal(parts, { key, title: name, port })];
  return [
    await journal(parts, { key: `${key}Store`, title: name, port: storePort }),
    { kind: 'faulty-student', target: at(storePort), port, faults },
  ];
}

interface Journal {
  readonly key: string;
  readonly title: string;
  readonly port: number;
}

const journal = async ({ dataDir, postgres }: DemoParts, { key, title, port }: Journal): Promise<DemoApp> => ({
  kind: 'journal',
  ...{ title, port, poolMax: 4 },
  databaseUrl: await databaseFor(dataDir, postgres, key),
});

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
