import { spawn } from 'node:child_process';
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

/** Runs steps one after the other, all of them even when one fails, and counts what passed and failed: in all, and in each. */
export async function runSteps(names: readonly StepName[], quiet = false): Promise<Counts & { steps: object }> {
  const counted: Partial<Record<StepName, Counts>> = {};
  for (const name of names) counted[name] = await runStep(steps[name], quiet);
  const sum = (pick: (counts: Counts) => number) => Object.values(counted).reduce((total, one) => total + pick(one), 0);
  return { passed: sum((one) => one.passed), failed: sum((one) => one.failed), steps: counted };
}

async function runStep(step: Step, quiet: boolean): Promise<Counts> {
  const directory = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  const report = join(directory, 'report.json');
  const begun = performance.now();
  try {
    const command = step.jest ? [...step.command, '--json', `--outputFile=${report}`] : step.command;
    const code = await run(command, step.minutesMax, quiet);
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
function run(command: readonly string[], minutesMax: number, quiet: boolean): Promise<number> {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: root,
    stdio: ['ignore', quiet ? process.stderr : 'inherit', 'inherit'],
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  const late = setTimeout(() => {
    say(`no end after ${minutesMax} minutes`);
    child.kill('SIGKILL');
  }, minutesMax * 60_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      resolve(code ?? 1);
    });
  });
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
