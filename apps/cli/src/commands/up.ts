import { Command } from 'commander';
import { bold, grey, say } from '../terminal.js';
import { startLab, type Lab } from '../up/lab.js';
import { exitCode } from '../exit-code.js';
import { terminalProgress } from '#libs/local/src/progress.js';

const stopMsMax = 20_000;

export const upCommand = (): Command =>
  new Command('up')
    .description('start the lab: database, broker, services, pages, demo')
    .option('--split', 'one process per service, as containers do')
    .option('--no-demo', 'without the demo apps (then BASELINE_URL says which app is the baseline)')
    .addHelpText(
      'after',
      '\nSettings come from the environment; .env.example lists them. Ctrl-C stops everything in order; the data stays.',
    )
    .action(async ({ split = false, demo }: { split?: boolean; demo: boolean }) => {
      const progress = terminalProgress();
      const begun = performance.now();
      const env = { ...process.env };
      if (env['DB_PATH']) say('DB_PATH is not used: Lockstep keeps its data in Postgres.');
      const starting = startLab({ split, demo, env, progress });
      const stopped = stopOnSignal(starting);
      try {
        const lab = await starting;
        progress.end();
        announce(lab, (performance.now() - begun) / 1_000);
      } catch (error) {
        progress.end();
        throw error;
      }
      process.exitCode = await stopped;
    });

function announce(lab: Lab, seconds: number): void {
  say(`${bold('Lockstep is up')} ${grey(`after ${seconds.toFixed(1)} s`)}`);
  say();
  say(`  Board    ${lab.url}/leaderboard`);
  say(`  Submit   ${lab.url}/`);
  say(`  Staff    ${lab.url}/staff`);
  say(`  Traces   ${lab.url}/traces`);
  say();
  if (lab.first) {
    say(`  Staff sign in as ${bold(lab.first.name)} with password ${bold(lab.first.password)}`);
    say(grey('  It is shown this once; only its hash is kept. ./lockstep password makes a new one.'));
    say();
  }
  lab.firstShown();
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
