import { jetstreamManager } from '@nats-io/jetstream';
import { streamOf } from '#libs/messaging/src/subjects.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { activeAppsMax } from '#libs/contracts/src/shapes.js';
import { failpoints } from '#libs/platform/src/failpoint.js';
import { lockTimes } from '#libs/replication/src/lock-keeper.js';
import { Lab } from '#libs/testing/src/lab.js';
import { nothingWrong, reckon } from '#libs/testing/src/reckoning.js';
import { freshSeed, seededRandom } from '#libs/testing/src/seeded-random.js';
import { until } from '#libs/testing/src/settle.js';
import { Submitter } from '#libs/testing/src/submitting.js';

/**
 * The bus under one random fault after the other, with load, for as long as told: `./lockstep soak bus --seconds 600`. After each
 * fault everything must settle by itself and the books must be even; the first uneven ones end the run. SEED repeats the choices.
 */
const split: readonly ServiceName[] = ['submission', 'leaderboard', 'comparator'];
const appsOfARound = activeAppsMax - 200;

const seed = freshSeed();
const random = seededRandom(seed);
const upto = (max: number): number => Math.floor(random() * max);
const pick = <T>(list: readonly T[]): T => list[upto(list.length)]!;

/** Real services in processes of their own, and what can be done to them. Each fault ends with everything running again. */
class Victim {
  private constructor(
    readonly lab: Lab,
    readonly submitter: Submitter,
  ) {}

  static async start(): Promise<Victim> {
    const lab = await Lab.start({ split, fsync: true });
    return new Victim(lab, await Submitter.start(lab));
  }

  async stop(): Promise<void> {
    await this.submitter.stop();
    await this.lab.stop();
  }

  readonly faults: Record<string, () => Promise<unknown>> = {
    'service killed': () => this.killService(pick(split)),
    'service killed at a point': () => this.killAtPoint(),
    'service stopped, another beside it': () => this.stopOneOfTwo(pick(split)),
    'broker killed': () => this.lab.nats.restart('SIGKILL', upto(1_000)),
    'broker emptied': () => this.lab.nats.wipe(),
    'newest blocks of the broker cut': () => this.lab.nats.truncateLastBlock(1 + upto(50_000)),
    'stream deleted': () => this.asOperator(({ streams }) => streams.delete(streamOf('submission'))),
    'stream purged': () => this.asOperator(({ streams }) => streams.purge(streamOf('submission'))),
    'Postgres restarted': () => this.lab.postgres.restart(pick(['SIGINT', 'SIGQUIT', 'SIGKILL']), upto(1_000)),
  };

  private async asOperator(act: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<unknown>) {
    const connection = await this.lab.connectAs('operator');
    try {
      await act(await jetstreamManager(connection));
    } catch (error) {
      if (!/stream not found/.test(String(error))) throw error; // an earlier fault has taken it already
    } finally {
      await connection.close();
    }
  }

  private async killService(service: ServiceName): Promise<void> {
    await Promise.all(this.lab.alive(service).map((one) => one.kill()));
    await this.lab.spawn(service);
  }

  private async killAtPoint(): Promise<void> {
    const point = pick(failpoints.filter((name) => /^(log|relay|inbox):/.test(name)));
    const service = point.startsWith('inbox') ? pick(['leaderboard', 'comparator'] as const) : 'submission';
    await Promise.all(this.lab.alive(service).map((one) => one.stop()));
    const victim = await this.lab.spawn(service, `${point}=kill@${1 + upto(9)}`);
    const load = this.submitter.submit(30, { deadlineMs: 60_000 });
    await Promise.race([victim.exited, load]);
    if (victim.running) await victim.kill();
    await this.lab.spawn(service);
    await load;
  }

  private async stopOneOfTwo(service: ServiceName): Promise<void> {
    const [one] = this.lab.alive(service);
    const other = await this.lab.spawn(service);
    one!.signal('SIGSTOP');
    const began = performance.now();
    const stoppedMs = lockTimes.deposeAfterMs + 1_000;
    await until(() => performance.now() - began > stoppedMs, stoppedMs + 1_000);
    one!.signal('SIGCONT');
    await (random() < 0.5 ? one! : other).stop();
  }
}

const done: Record<string, number> = {};
let books = nothingWrong;
let accepted = 0;

/** One fault under load; undefined when the books are even afterwards. */
async function tryFault({ lab, submitter, faults }: Victim, name: string): Promise<string | undefined> {
  try {
    const load = submitter.submit(40, { deadlineMs: 60_000 });
    await faults[name]!();
    await load;
    await submitter.submit(10, { deadlineMs: 60_000 });
    books = await reckon(lab, submitter, 60_000);
    return JSON.stringify(books) === JSON.stringify(nothingWrong) ? undefined : `${name}: ${JSON.stringify(books)}`;
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function run(secondsMax: number): Promise<void> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  let failure: string | undefined;
  console.log(`SEED=${seed}`);
  while (!failure && seconds() < secondsMax) {
    const victim = await Victim.start();
    while (!failure && seconds() < secondsMax && victim.submitter.accepted.length < appsOfARound) {
      const name = pick(Object.keys(victim.faults));
      failure = await tryFault(victim, name);
      done[name] = (done[name] ?? 0) + 1;
      console.log(`${seconds()} s · ${name} · ${accepted + victim.submitter.accepted.length} accepted`);
    }
    accepted += victim.submitter.accepted.length;
    await victim.stop();
  }
  const { lost, duplicated, phantom, outOfOrder, held } = books;
  const uneven = {
    lost,
    duplicated,
    phantom,
    outOfOrder,
    missing: books.missing.length,
    twice: books.twice.length,
    held,
  };
  console.log(
    JSON.stringify({ seed, seconds: seconds(), faults: done, accepted, ...uneven, failure: failure ?? null }),
  );
  process.exit(failure ? 1 : 0);
}

await run(Number(process.argv[2] ?? 60));
