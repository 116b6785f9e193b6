import { Command } from 'commander';
import { exitCode } from '../exit-code.js';
import { say } from '../terminal.js';
import { steps, type StepName } from '../testing/steps.js';
import { runSteps } from '../testing/run-steps.js';
import { runGuards } from '../testing/guards.js';

const everything: readonly StepName[] = ['format', 'lint', 'types', 'deploy', 'unit', 'service', 'whole'];

export const testCommand = (): Command =>
  new Command('test')
    .description('everything that proves the system: format, lint, types, deploy files, unit, service and whole tests')
    .argument('[what...]', `some of ${Object.keys(steps).join(', ')}; or guards`)
    .addHelpText(
      'after',
      '\nguards [word...]: takes each listed safeguard out of a copy and requires the named test to fail; with words, those that\nspeak of them. Some ten minutes for all.\nThe last line is "N passed, N failed". Exit codes: 0 none failed · 1 some did',
    )
    .action(async (what: string[]) => {
      if (what[0] === 'guards') return finish(await runGuards(what.slice(1)));
      const chosen = what.length === 0 ? everything : what.map(toStep);
      finish(await runSteps(chosen));
    });

export const checkCommand = (): Command =>
  new Command('check')
    .description('format, lint, types: what takes seconds')
    .action(async () => finish(await runSteps(['format', 'lint', 'types'])));

function toStep(name: string): StepName {
  if (name in steps) return name as StepName;
  throw new Error(`${name} is no step: choose among ${Object.keys(steps).join(', ')}, guards.`);
}

function finish({ passed, failed }: { passed: number; failed: number }): void {
  say(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? exitCode.done : exitCode.failed;
}
