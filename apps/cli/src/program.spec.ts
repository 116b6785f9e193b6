import { type Command, CommanderError } from 'commander';
import { ApiProblem } from './api.js';
import { exitCode, UsageError } from './exit-code.js';
import { NotRunning } from './installation.js';
import { lockstep } from './program.js';
import { reportOf } from './report.js';
import { CannotTakeBack } from './taking-back.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { SettingsError } from '#libs/platform/src/settings.js';

/** Every command that does something, with its whole name. */
function leaves(command: Command, path = ''): [string, Command][] {
  const name = `${path} ${command.name()}`.trim();
  if (command.commands.length === 0) return [[name, command]];
  return command.commands.flatMap((child) => leaves(child, name));
}
const program = lockstep();
const commands = leaves(program)
  .map(([name, command]): [string, Command] => [name.replace(/^lockstep /, ''), command])
  .filter(([name]) => !['demo-apps', 'lab-services', 'help'].includes(name));

/** What its help prints, what `addHelpText` adds to it included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

/** Parses, without doing anything, and gives how it would leave. */
async function leaving(...args: string[]): Promise<{ code: number; text: string | undefined; said: string }> {
  let said = '';
  const fresh = lockstep();
  const hush = (command: Command): void => {
    command.configureOutput({ writeOut: (text) => (said += text), writeErr: (text) => (said += text) });
    command.commands.forEach(hush);
  };
  hush(fresh);
  try {
    await fresh.parseAsync(args, { from: 'user' });
    return { code: 0, text: undefined, said };
  } catch (error) {
    return { ...reportOf(error, false), said };
  }
}

describe('every command', () => {
  it('is seen here', () => {
    expect(commands.map(([name]) => name)).toEqual(
      expect.arrayContaining(['up', 'test', 'db down', 'dead-letters replay', 'compare', 'soak', 'password']),
    );
  });

  it.each(commands)('%s teaches: an example, and what its exit codes say', (_name, command) => {
    const help = helpOf(command);
    expect(help).toMatch(/\nExamples?:\n {2}\.\/lockstep \S/);
    expect(help).toMatch(/\nExit codes: 0 .+ · /);
  });

  it.each(commands)('%s has --json', (_name, command) => {
    expect(command.options.map((option) => option.long)).toContain('--json');
  });
});

describe('a wrong command line', () => {
  it.each([
    [['nope'], /unknown command 'nope'/],
    [['compare', '--via', 'pigeon'], /Allowed choices are rest, nats/],
    [['db', 'down', 'filler', '--steps', 'abc', '--yes'], /It must be a whole number from 1 on/],
    [['db', 'down', 'filler', '--steps', '0', '--yes'], /It must be a whole number from 1 on/],
    [['db', 'down', 'filler'], /required option '--yes' not specified/],
    [['board', '--at', 'yesterday'], /It must be a time such as/],
    [['board', 'melt'], /unknown command 'melt'|too many arguments/],
    [['submit', 'Ada'], /missing required argument 'url'/],
    [['preflight'], /missing required argument 'url'/],
    [['soak', 'bus', '--seconds', 'long'], /It must be a whole number of seconds/],
    [['override', 'Ada', 'pending', '--reason', 'x'], /Allowed choices are in-sync, out-of-sync, unreachable, unknown/],
    [['override', 'Ada', 'in-sync'], /required option '--reason <text>' not specified/],
    [['unknown', '--days', '31'], /It must be 1 to 30/],
  ])('is told, with exit code 64: %j', async (args, words) => {
    const { code, said } = await leaving(...args);
    expect([code, said]).toEqual([exitCode.usage, expect.stringMatching(words)]);
  });

  it.each([
    [['test', 'nope'], 'nope is no step: choose among format, lint, types, deploy, unit, service, whole, guards.'],
    [['bench', 'nope'], /^There is no bench nope: choose among /],
    [['soak', 'nope'], /^There is no soak nope: choose among /],
    [['db', 'down', 'nope', '--yes'], /^nope is no service: choose among gateway, /],
    [['dead-letters', 'replay'], 'Say the id of one event, or --all, and not both.'],
    [['dead-letters', 'replay', 'x', '--all'], 'Say the id of one event, or --all, and not both.'],
    [['rules', 'preview', 'nope.json'], 'nope.json cannot be read.'],
    [['rules', 'preview', 'README.md'], /^README.md is not JSON/],
    [['rules', 'preview', 'package.json'], /^package.json holds no draft: rules: /],
    [['rules', '--version-number', 'x'], 'A version is a number, such as 1.'],
    [['compare', '--hold', '--via', 'nats'], '--hold goes by REST only.'],
    [['override', 'Ada', '--reason', 'x'], 'Say which verdict it is instead, or --take-back, and not both.'],
    [['dead-letters', 'discard', '--all', '--reason', 'x'], /^Discarding everything is hardly meant/],
  ])('that asks for what does not exist leaves with 64 as well: %j', async (args, text) => {
    const { code, text: told } = await leaving(...args);
    expect([code, told]).toEqual([64, typeof text === 'string' ? text : expect.stringMatching(text)]);
  });
});

describe('how an error leaves', () => {
  it.each<[string, Error, number, string | undefined]>([
    ['help that was asked for', new CommanderError(0, 'commander.help', ''), 0, undefined],
    ['a wrong option', new CommanderError(1, 'commander.unknownOption', ''), 64, undefined],
    ['an unknown app', new UsageError('No app is called Nope.'), 64, 'No app is called Nope.'],
    ['a lab that does not run', new NotRunning('Start it.'), 2, 'Start it.'],
    ['what cannot be taken back', new CannotTakeBack('It is running.'), 2, 'It is running.'],
    ['wrong settings', new SettingsError([{ name: 'PORT', value: '"x"', problem: 'must be a port' }]), 2, undefined],
    ['a sentence of ours', new Error('Port 8000 is taken.'), 2, 'Port 8000 is taken.'],
  ])('%s', (_what, error, code, text) => {
    const report = reportOf(error, false);
    expect(report.code).toBe(code);
    if (text !== undefined) expect(report.text).toBe(text);
  });

  it('shows a refusal of the gateway whole, and of a defect its stack', () => {
    const { document } = new Problem('not-found', 'No app with this id takes part.', 'Look it up.');
    expect(reportOf(new ApiProblem(document), false)).toEqual({
      code: 2,
      text: 'Nothing here (your side). No app with this id takes part.\nLook it up.',
    });
    expect(reportOf(new TypeError('x is not a function'), false).text).toMatch(/TypeError: x is not a function\n +at /);
    expect(reportOf(new Error('A sentence.'), true).text).toMatch(/Error: A sentence\.\n +at /);
  });
});
