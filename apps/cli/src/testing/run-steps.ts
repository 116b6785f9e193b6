import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../installation.js';
import { grey, say } from '../terminal.js';
import { steps, type Step, type StepName } from './steps.js';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs steps, all of them even when one fails, and counts what passed and failed: in all, and in each. Those that only read the files go
 * together, and what each prints comes in one piece; tests follow one after the other.
 */
export async function runSteps(names: readonly StepName[], quiet = false): Promise<Counts & { steps: object }> {
  const counted: Partial<Record<StepName, Counts>> = {};
  const count = async (name: StepName) => void (counted[name] = await runStep(steps[name], quiet));
  await Promise.all(names.filter((name) => !steps[name].jest).map(count));
  for (const name of names.filter((one) => steps[one].jest)) await count(name);
  const sum = (pick: (counts: Counts) => number) => Object.values(counted).reduce((total, one) => total + pick(one), 0);
  return { passed: sum((one) => one.passed), failed: sum((one) => one.failed), steps: counted };
}

async function runStep(step: Step, quiet: boolean): Promise<Counts> {
  const directory = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  const report = join(directory, 'report.json');
  const begun = performance.now();
  try {
    const command = step.jest ? [...step.command, '--json', `--outputFile=${report}`] : step.command;
    const code = await run(command, { ...step, quiet });
    const counts = step.jest ? readJest(report, code) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    say(
      `${step.title}: ${counts.passed} passed, ${counts.failed} failed ${grey(`${((performance.now() - begun) / 1_000).toFixed(1)} s`)}`,
    );
    return counts;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Everything it prints goes through, when `quiet` to standard error; resolves with the exit code, 1 when it took too long. */
async function run(
  command: readonly string[],
  { jest, minutesMax, quiet }: Step & { quiet: boolean },
): Promise<number> {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: root,
    stdio: jest ? ['ignore', quiet ? process.stderr : 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  const late = setTimeout(() => {
    say(`no end after ${minutesMax} minutes`);
    child.kill('SIGKILL');
  }, minutesMax * 60_000);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    (quiet ? process.stderr : process.stdout).write(Buffer.concat(printed));
    return code ?? 1;
  } finally {
    clearTimeout(late);
  }
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** A suite that could not even start counts as a failure, and so does a run that left no report. */
function readJest(report: string, code: number): Counts {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as JestReport;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
