import { Command } from 'commander';
import { exitCode, UsageError } from '../exit-code.js';
import { helpText } from '../help.js';
import { leaveStdoutToJson, say, sayJson } from '../terminal.js';
import { runGuards } from '../testing/guards.js';
import { runSteps, type Counts } from '../testing/run-steps.js';
import { steps, type StepName } from '../testing/steps.js';

const everything: readonly StepName[] = ['format', 'lint', 'types', 'deploy', 'unit', 'service', 'whole'];
const codes = ['0 none failed', '1 some did', '64 no such step'];

export const testCommand = (): Command =>
  new Command('test')
    .description('everything that proves the system: format, lint, types, deploy files, unit, service and whole tests')
    .argument('[what...]', `some of ${Object.keys(steps).join(', ')}; or guards`)
    .option('--json', '{passed, failed, steps}; what the steps print goes to standard error')
    .addHelpText(
      'after',
      helpText({
        more:
          'guards [word...]: takes each listed safeguard out of a copy and requires the named test to fail; with words, those that\n' +
          'speak of them. Some ten minutes for all. The last line is "N passed, N failed".',
        examples: [
          ['test', 'all steps'],
          ['test unit types', 'two of them'],
          ['test guards session', 'the safeguards that speak of sessions'],
        ],
        codes,
      }),
    )
    .action(async (what: string[], { json }: { json?: true }) => {
      if (json) leaveStdoutToJson();
      if (what[0] === 'guards') return finish(await runGuards(what.slice(1)), json);
      finish(await runSteps(what.length === 0 ? everything : what.map(toStep), json), json);
    });

export const checkCommand = (): Command =>
  new Command('check')
    .description('format, lint, types: what takes seconds')
    .option('--json', '{passed, failed, steps}; what the steps print goes to standard error')
    .addHelpText('after', helpText({ examples: [['check', 'before every commit']], codes }))
    .action(async ({ json }: { json?: true }) => {
      if (json) leaveStdoutToJson();
      finish(await runSteps(['format', 'lint', 'types'], json), json);
    });

function toStep(name: string): StepName {
  if (Object.hasOwn(steps, name)) return name as StepName;
  throw new UsageError(`${name} is no step: choose among ${Object.keys(steps).join(', ')}, guards.`);
}

function finish(counts: Counts, json: true | undefined): void {
  if (json) sayJson(counts);
  else say(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? exitCode.done : exitCode.failed;
}
