import pg from 'pg';
import { progressOf } from '#libs/messaging/src/progress.js';
import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { Submitter } from '#libs/testing/src/submitting.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: a database that was restored from an older backup, or made anew, is noticed by whoever reads its log: nothing is skipped
// or doubled in silence, and once both sides fit again everything goes on.
// Method: two services hosted here; copies of a database are taken and put back while its service is down.
describe('a database that is', () => {
  let lab: Lab;
  let submitter: Submitter;
  beforeEach(async () => {
    lab = await Lab.start({ host: ['submission', 'leaderboard'] });
    submitter = await Submitter.start(lab);
    await submitter.submit(20);
    await lab.settle();
  });
  afterEach(async () => {
    await submitter?.stop();
    await lab?.stop();
  });

  const asAdmin = async (...statements: string[]) => {
    const admin = new pg.Client({ connectionString: lab.postgres.url });
    await admin.connect();
    for (const sql of statements) await admin.query(sql);
    await admin.end();
  };
  const nobodyIn = (name: string) =>
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`;
  const stopped = async (service: 'submission' | 'leaderboard', work: () => Promise<void>) => {
    await lab.hosted.get(service)!.close();
    await work();
    await lab.host(service);
  };
  const copy = (from: string, to: string) =>
    asAdmin(nobodyIn(from), nobodyIn(to), `drop database if exists ${to}`, `create database ${to} template ${from}`);
  const notReady = async () => {
    const answer = await fetch(`${await lab.hosted.get('leaderboard')!.getUrl()}/readyz`);
    return answer.status === 503 && ((await answer.json()) as { failing?: string[] }).failing?.includes('logs');
  };
  const log = () =>
    progressOf({ query: (sql, parameters = []) => lab.query('submission', sql, [...parameters]) as never });
  const shown = async () => (await lab.query('leaderboard', 'select 1 from standing where known')).length;

  it('restored from an older backup stops its reader, aloud; with the reader restored as well, everything goes on', async () => {
    for (const service of ['submission', 'leaderboard'] as const)
      await stopped(service, () => copy(`lockstep_${service}`, `backup_${service}`));
    await submitter.submit(20);
    await lab.settle();
    await stopped('submission', () => copy('backup_submission', 'lockstep_submission'));
    await until(notReady, 30_000);
    expect(await shown()).toBe(40);
    await stopped('leaderboard', () => copy('backup_leaderboard', 'lockstep_leaderboard'));
    submitter.accepted.splice(20);
    await submitter.submit(20);
    expect(await reckon(lab, submitter)).toEqual(nothingWrong);
  });

  it('made anew stops its reader, aloud, also when it has counted further than before', async () => {
    // All of it is on the broker before the reader is back: it must know the log by its rows, and not by a number that is lower.
    await stopped('leaderboard', async () => {
      await stopped('submission', () => asAdmin(nobodyIn('lockstep_submission'), 'drop database lockstep_submission', 'create database lockstep_submission owner lockstep_submission')); // prettier-ignore
      await submitter.submit(40);
      await until(async () => (await log()).published >= 40);
    });
    await until(notReady, 30_000);
    expect(await shown()).toBe(20);
    await lab.query('leaderboard', `delete from cursor where log = 'submission'`);
    await lab.query('leaderboard', `delete from applied where log = 'submission'`);
    await until(async () => (await shown()) === 60, 30_000);
  });
});
