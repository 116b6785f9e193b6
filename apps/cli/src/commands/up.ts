import { Command } from 'commander';
import { exitCode } from '../exit-code.js';
import { helpText, type Help } from '../help.js';
import { bold, grey, leaveStdoutToJson, say, sayJson } from '../terminal.js';
import type { RunningLab } from '../up/lab.js';
import { startInstallation, type Installation } from '../up/start.js';
import { mainLab } from '#libs/contracts/src/labs.js';
import { terminalProgress } from '#libs/local/src/progress.js';

const stopMsMax = 20_000;

interface Options {
  readonly split?: boolean;
  readonly demo: boolean;
  readonly json?: true;
}

const help: Help = {
  more: 'Settings come from the environment; .env.example lists them. Ctrl-C stops everything in order; the data stays.',
  examples: [
    ['up', 'then open the address it prints'],
    ['up --no-demo', 'with BASELINE_URL=https://… before it: your own apps'],
    ['up', 'after ./lockstep labs add <name> BASELINE_URL=https://…: that lab as well, beside the first'],
  ],
  codes: ['0 stopped in order', '1 stopped at once, or not in time', '2 it could not start', '64 wrong command line'],
};

export const upCommand = (): Command =>
  new Command('up')
    .description('start the labs of this installation: database, broker, services, pages, demo')
    .option('--split', 'one process per service, as containers do')
    .option('--no-demo', 'without the demo apps (then BASELINE_URL says which app is the baseline)')
    .option('--json', 'one JSON document when everything is up')
    .addHelpText('after', helpText(help))
    .action(async ({ split = false, demo, json }: Options) => {
      if (json) leaveStdoutToJson();
      const progress = terminalProgress(json ? process.stderr : process.stdout);
      const begun = performance.now();
      const env = { ...process.env };
      if (env['DB_PATH']) say('DB_PATH is not used: Lockstep keeps its data in Postgres.');
      const starting = startInstallation({ split, demo, env, progress });
      const stopped = stopOnSignal(starting);
      try {
        const started = await starting;
        progress.end();
        if (json) sayJson(asJson(started));
        else announce(started, (performance.now() - begun) / 1_000);
        for (const lab of [started.first, ...started.beside]) lab.firstShown();
      } catch (error) {
        progress.end();
        throw error;
      }
      process.exitCode = await stopped;
    });

const pagesOf = ({ url }: RunningLab) => ({
  board: `${url}/leaderboard`,
  submit: `${url}/`,
  staff: `${url}/staff`,
  traces: `${url}/traces`,
});

const labAsJson = (lab: RunningLab) => ({
  ...{ url: lab.url, pages: pagesOf(lab), dataDir: lab.dataDir, egressAllow: lab.egressAllow },
  first: lab.first ?? null,
});

/** The first lab as if it were alone; `labs` are those beside it. */
const asJson = ({ first, beside, failed }: Installation) => ({
  ...labAsJson(first),
  pid: process.pid,
  labs: beside.map((lab) => ({ name: lab.name, title: lab.title, ...labAsJson(lab) })),
  failed,
});

function announce(started: Installation, seconds: number): void {
  const { first } = started;
  const { board, submit, staff, traces } = pagesOf(first);
  say(`${bold('Lockstep is up')} ${grey(`after ${seconds.toFixed(1)} s`)}`);
  say();
  say(`  Board    ${board}`);
  say(`  Submit   ${submit}`);
  say(`  Staff    ${staff}`);
  say(`  Traces   ${traces}`);
  say();
  sayFirst(first);
  for (const lab of started.beside) announceBeside(lab);
  for (const { name, why } of started.failed) say(`  Lab ${bold(name)} did not start; the others run. ${why}\n`);
  const local = first.egressAllow.length > 0 ? first.egressAllow.join(', ') : 'none';
  say(grey(`  Local apps that may be visited (EGRESS_ALLOW): ${local}`));
  say(grey(`  Data and logs: ${first.dataDir}`));
  say(grey('  Ctrl-C stops it; the data stays.'));
}

function announceBeside(lab: RunningLab): void {
  say(`  Lab ${bold(lab.name)}${lab.title === lab.name ? '' : ` (${lab.title})`}   ${lab.url}/`);
  if (!lab.first) say();
  sayFirst(lab);
}

function sayFirst({ name, first }: RunningLab): void {
  if (!first) return;
  const again = name === mainLab ? './lockstep password' : `./lockstep password --lab ${name}`;
  say(`  Staff sign in as ${bold(first.name)} with password ${bold(first.password)}`);
  say(grey(`  It is shown this once; only its hash is kept. ${again} makes a new one.`));
  say();
}

/** Resolves with the exit code when a signal has stopped everything; a second signal ends at once. */
function stopOnSignal(starting: Promise<Installation>): Promise<number> {
  let stopping = false;
  return new Promise((resolve) => {
    const stop = () => {
      if (stopping) process.exit(exitCode.failed);
      stopping = true;
      say(grey('\nStopping in order; once more to end at once.'));
      setTimeout(() => process.exit(exitCode.failed), stopMsMax).unref();
      starting
        .then((started) => started.stop())
        .then(
          () => resolve(exitCode.done),
          () => resolve(exitCode.failed),
        );
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  });
}
