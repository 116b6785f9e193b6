import { Command } from 'commander';
import { withLabOption } from './chosen-lab.js';
import { appsCommands } from './commands/apps.js';
import { boardCommand } from './commands/board.js';
import { compareCommand } from './commands/compare.js';
import { databaseCommands } from './commands/db.js';
import { deadLetterCommands } from './commands/dead-letters.js';
import { demoAppsCommand } from './commands/demo-apps.js';
import { fillCommand } from './commands/fill.js';
import { heldBackCommand } from './commands/held-back.js';
import { labServicesCommand } from './commands/lab-services.js';
import { labsCommands } from './commands/labs.js';
import { ledgerCommand } from './commands/ledger.js';
import { benchCommand, soakCommand } from './commands/measure.js';
import { overrideCommand } from './commands/override.js';
import { passwordCommand } from './commands/password.js';
import { preflightCommand } from './commands/preflight.js';
import { rulesCommand } from './commands/rules.js';
import { checkCommand, testCommand } from './commands/test.js';
import { unknownCommand } from './commands/unknown.js';
import { upCommand } from './commands/up.js';
import { verifyEvidenceCommand } from './commands/verify-evidence.js';
import { windowCommand } from './commands/window.js';

/** The whole command line. It throws what is wrong with it; whoever runs it tells, and chooses the exit code. */
export function lockstep(): Command {
  const program = new Command('lockstep')
    .description('Runs, teaches and proves zero-downtime database migrations.')
    .addHelpText(
      'after',
      '\nStart here:  ./lockstep up   then open the address it prints.\nExit codes:  0 done or in sync · 1 out of sync or a test failed · 2 refused, unreachable, unknown or not running · 64 wrong command line',
    );
  const commands = [
    ...[upCommand(), testCommand(), checkCommand(), benchCommand(), soakCommand(), databaseCommands(), labsCommands()],
    ...[
      preflightCommand(),
      ...appsCommands(),
      compareCommand(),
      fillCommand(),
      boardCommand(),
      rulesCommand(),
      passwordCommand(),
    ],
    ...[deadLetterCommands(), ledgerCommand(), windowCommand(), verifyEvidenceCommand()],
    ...[overrideCommand(), unknownCommand(), heldBackCommand()],
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [demoAppsCommand(), labServicesCommand()]) program.addCommand(command, { hidden: true });
  withLabOption(program);
  return withOverride(program);
}

/** Sub-commands do not inherit how errors leave. */
function withOverride(command: Command): Command {
  for (const child of command.commands) withOverride(child);
  return command.exitOverride().showHelpAfterError('(run with --help for what exists)');
}
