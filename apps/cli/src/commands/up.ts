import { Command } from 'commander';
import { exitCode } from '../exit-code.js';
import { helpText, type Help } from '../help.js';
import { bold, grey, leaveStdoutToJson, say, sayJson } from '../terminal.js';
import { startLab, type Lab } from '../up/lab.js';
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
    ['up', 'with LOCKSTEP_DATA=<directory> PORT=8001 before it: a second lab beside the first'],
  ],
  codes: ['0 stopped in order', '1 stopped at once, or not in time', '2 it could not start', '64 wrong command line'],
};

export const upCommand = (): Command =>
  new Command('up')
    .description('start the lab: database, broker, services, pages, demo')
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
      const starting = startLab({ split, demo, env, progress });
      const stopped = stopOnSignal(starting);
      try {
        const lab = await starting;
        progress.end();
        if (json) sayJson(asJson(lab));
        else announce(lab, (performance.now() - begun) / 1_000);
        lab.firstShown();
      } catch (error) {
        progress.end();
        throw error;
      }
      process.exitCode = await stopped;
    });

const pagesOf = ({ url }: Lab) => ({
  board: `${url}/leaderboard`,
  submit: `${url}/`,
  staff: `${url}/staff`,
  traces: `${url}/traces`,
});

const asJson = (lab: Lab) => ({
  ...{ url: lab.url, pages: pagesOf(lab), dataDir: lab.dataDir, egressAllow: lab.egressAllow, pid: process.pid },
  first: lab.first ?? null,
});

function announce(lab: Lab, seconds: number): void {
  const { board, submit, staff, traces } = pagesOf(lab);
  say(`${bold('Lockstep is up')} ${grey(`after ${seconds.toFixed(1)} s`)}`);
  say();
  say(`  Board    ${board}`);
  say(`  Submit   ${submit}`);
  say(`  Staff    ${staff}`);
  say(`  Traces   ${traces}`);
  say();
  if (lab.first) {
    say(`  Staff sign in as ${bold(lab.first.name)} with password ${bold(lab.first.password)}`);
    say(grey('  It is shown this once; only its hash is kept. ./lockstep password makes a new one.'));
    say();
  }
  const local = lab.egressAllow.length > 0 ? lab.egressAllow.join(', ') : 'none';
  say(grey(`  Local apps that may be visited (EGRESS_ALLOW): ${local}`));
  say(grey(`  Data and logs: ${lab.dataDir}`));
  say(grey('  Ctrl-C stops it; the data stays.'));
}

/** Resolves with the exit code when a signal has stopped everything; a second signal ends at once. */
function stopOnSignal(starting: Promise<Lab>): Promise<number> {
  let stopping = false;
  return new Promise((resolve) => {
    const stop = () => {
      if (stopping) process.exit(exitCode.failed);
      stopping = true;
      say(grey('\nStopping in order; once more to end at once.'));
      setTimeout(() => process.exit(exitCode.failed), stopMsMax).unref();
      starting
        .then((lab) => lab.stop())
        .then(
          () => resolve(exitCode.done),
          () => resolve(exitCode.failed),
        );
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  });
}
