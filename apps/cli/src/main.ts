import { Command, CommanderError } from 'commander';
import { ApiProblem } from './api.js';
import { appsCommands } from './commands/apps.js';
import { boardCommand } from './commands/board.js';
import { compareCommand } from './commands/compare.js';
import { databaseCommands } from './commands/db.js';
import { deadLetterCommands } from './commands/dead-letters.js';
import { demoAppsCommand } from './commands/demo-apps.js';
import { fillCommand } from './commands/fill.js';
import { ledgerCommand } from './commands/ledger.js';
import { benchCommand, soakCommand } from './commands/measure.js';
import { passwordCommand } from './commands/password.js';
import { checkCommand, testCommand } from './commands/test.js';
import { upCommand } from './commands/up.js';
import { exitCode } from './exit-code.js';
import { NotRunning } from './installation.js';
import { problemText } from './terminal.js';
import { SettingsError } from '#libs/platform/src/settings.js';

const program = new Command('lockstep')
  .description('Runs, teaches and proves zero-downtime database migrations.')
  .addHelpText(
    'after',
    '\nStart here:  ./lockstep up   then open the address it prints.\nExit codes:  0 done or in sync · 1 out of sync or a test failed · 2 unreachable, unknown or not running · 64 wrong command line',
  )
  .showHelpAfterError('(run with --help for what exists)')
  .exitOverride();

const commands = [
  ...[upCommand(), testCommand(), checkCommand(), benchCommand(), soakCommand(), databaseCommands()],
  ...[
    ...appsCommands(),
    compareCommand(),
    fillCommand(),
    boardCommand(),
    passwordCommand(),
    deadLetterCommands(),
    ledgerCommand(),
    demoAppsCommand(),
  ],
];
for (const command of commands) program.addCommand(withOverride(command));

/** Sub-commands do not inherit how errors leave. */
function withOverride(command: Command): Command {
  for (const child of command.commands) withOverride(child);
  return command.exitOverride().showHelpAfterError('(run with --help for what exists)');
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCode.usage;
  const known =
    error instanceof ApiProblem
      ? problemText(error.document)
      : error instanceof NotRunning || error instanceof SettingsError
        ? error.message
        : undefined;
  process.stderr.write(`${known ?? explain(error)}\n`);
  return exitCode.unknown;
}

/** Sentences that our own parts throw are for people; anything else is a defect, and its stack helps whoever mends it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return process.env['LOCKSTEP_DEBUG'] || error.name !== 'Error' ? (error.stack ?? error.message) : error.message;
}
