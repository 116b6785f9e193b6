import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Guard, GuardTest } from './guard.js';
import { guards } from './guard-list.js';
import type { Counts } from './run-steps.js';
import { root } from '../installation.js';
import { grey, say } from '../terminal.js';

const copied = ['apps', 'libs', 'test', 'bench', 'deploy', 'dist', 'package.json', 'tsconfig.json', 'jest.config.mjs', 'vite.config.ts', '.swcrc']; // prettier-ignore
const minutesMax = 4;

/**
 * Takes each safeguard out of a copy and requires the named test to fail. A test that fails in the untouched copy as well proves
 * nothing, so that is tried first and counts as a failure. `only`: guards whose guarantee or file contains one of these words.
 */
export async function runGuards(only: readonly string[]): Promise<Counts> {
  const chosen = guards.filter((guard) => only.every((word) => `${guard.guarantee} ${guard.file}`.includes(word)));
  if (chosen.length === 0) throw new Error(`No guard speaks of ${only.join(' ')}.`);
  const copy = mkdtempSync(join(tmpdir(), 'lockstep-guards-'));
  chmodSync(copy, 0o755); // browsers read from it as a user of their own
  try {
    for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const sound = new Map<string, boolean>();
    let passed = 0;
    for (const guard of chosen) {
      const began = performance.now();
      const problem = tryGuard(copy, guard, sound);
      if (!problem) passed += 1;
      const seconds = grey(`${((performance.now() - began) / 1_000).toFixed(1)} s`);
      say(`${problem ? '✗' : '✓'} ${guard.guarantee} ${seconds}${problem ? `\n    ${problem}` : ''}`);
    }
    return { passed, failed: chosen.length - passed };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Undefined when the test notices that the safeguard is gone. */
function tryGuard(copy: string, guard: Guard, sound: Map<string, boolean>): string | undefined {
  const { file, test, line, instead } = guard;
  const key = `${test.file} ${test.name}`;
  if (!sound.has(key)) sound.set(key, runTest(copy, test) === 'passes');
  if (!sound.get(key)) return `"${test.name}" in ${test.file} does not pass even with the safeguard`;
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(line).length !== 2) return `${file} does not have this line once: ${line}`;
  try {
    writeFileSync(
      path,
      source.replace(line, () => instead),
    );
    build(copy, file);
    const result = runTest(copy, test);
    return result === 'fails' ? undefined : `"${test.name}" in ${test.file} ${result} without it`;
  } finally {
    writeFileSync(path, source);
    build(copy, file);
  }
}

/** For tests that start services as processes of their own. */
function build(copy: string, file: string): void {
  const swc = [
    join(root, 'node_modules/@swc/cli/bin/swc.js'),
    file,
    '-d',
    'dist',
    '--config-file',
    '.swcrc',
    '--quiet',
  ];
  const { status, stderr } = spawnSync(process.execPath, swc, { cwd: copy, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} was not built: ${stderr}`);
}

/** A name that fits no test, and a test that does not end, prove nothing either. */
function runTest(copy: string, test: GuardTest): 'passes' | 'fails' | 'did not run' {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--forceExit'];
  const name = test.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const which = ['--selectProjects', test.project, '-t', name, '--runTestsByPath', test.file];
  spawnSync(process.execPath, [...jest, ...which, '--json', `--outputFile=${report}`], {
    cwd: copy,
    timeout: minutesMax * 60_000,
    stdio: 'ignore',
  });
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    if (numFailedTests! > 0) return 'fails';
    return numPassedTests! > 0 ? 'passes' : 'did not run';
  } catch {
    return 'did not run';
  }
}
