import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from './exit-code.js';
import { toLabName } from './labs.js';
import { mainLab } from '#libs/contracts/src/labs.js';

/** The lab that LOCKSTEP_LAB names; else the first. Throws one line when that is no name of a lab. */
export const namedLab = (env: NodeJS.ProcessEnv = process.env): string => {
  const named = env['LOCKSTEP_LAB'];
  return named ? toLabName(named) : mainLab;
};

/** Commands that speak to no lab, or to all of them. */
const ofNoLab = new Set([
  'up',
  'test',
  'check',
  'bench',
  'soak',
  'labs',
  'verify-evidence',
  'demo-apps',
  'lab-services',
]);

/** Gives every command that speaks to a lab the option to say which one: it stands for LOCKSTEP_LAB. */
export function withLabOption(program: Command): void {
  for (const command of program.commands) if (!ofNoLab.has(command.name())) addOption(command);
}

function addOption(command: Command): void {
  for (const child of command.commands) addOption(child);
  if (command.commands.length > 0) return;
  command.option('--lab <name>', `a lab of this installation; LOCKSTEP_LAB or ${mainLab} without it`, toOption);
  command.hook('preAction', () => {
    const { lab } = command.opts<{ lab?: string }>();
    if (lab !== undefined) process.env['LOCKSTEP_LAB'] = lab;
  });
}

function toOption(text: string): string {
  try {
    return toLabName(text);
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}
