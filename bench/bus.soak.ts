import { jetstreamManager } from '@nats-io/jetstream';
import { streamOf } from '#libs/messaging/src/subjects.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { failpoints } from '#libs/platform/src/failpoint.js';
import { lockTimes } from '#libs/replication/src/lock-keeper.js';
import { Lab } from '#libs/testing/src/lab.js';
import { reckon, type Reckoning } from '#libs/testing/src/reckoning.js';
import { freshSeed, seededRandom } from '#libs/testing/src/seeded-random.js';
import { until } from '#libs/testing/src/settle.js';
import { Submitter } from '#libs/testing/src/submitting.js';

/**
 * The bus under one random fault after the other, with load, for as long as told: `./lockstep soak bus --seconds 600`. After each
 * fault everything must settle by itself and the books must be even; the first uneven ones end the run. SEED repeats the choices.
 */
const secondsMax = Number(process.argv[2] ?? 60);
const split: readonly ServiceName[] = ['submission', 'leaderboard', 'comparator'];

const seed = freshSeed();
const random = seededRandom(seed);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const lab = await Lab.start({ split, fsync: true });
const submitter = await Submitter.start(lab);
const stream = streamOf('submission');

const asOperator = async (act: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<unknown>) => {
  const connection = await lab.connectAs('operator');
  await act(await jetstreamManager(connection)).finally(() => connection.close());
};

/** Each fault ends with everything running again. */
const faults: Record<string, () => Promise<void>> = {
  'service killed': async () => {
    const service = pick(split);
    await Promise.all(lab.alive(service).map((one) => one.kill()));
    await lab.spawn(service);
  },
  'service killed at a point': async () => {
    const point = pick(failpoints.filter((name) => /^(log|relay|inbox):/.test(name)));
    const service = pick(
      point.startsWith('inbox') ? (['leaderboard', 'comparator'] as const) : (['submission'] as const),
    );
    await Promise.all(lab.alive(service).map((one) => one.stop()));
    const victim = await lab.spawn(service, `${point}=kill@${1 + Math.floor(random() * 9)}`);
    await submitter.submit(30).catch(() => undefined); // what is not accepted in time is tried again below, under its key
    if (victim.running) await victim.kill();
    await lab.spawn(service);
  },
  'service stopped, another beside it': async () => {
    const service = pick(split);
    const [one] = lab.alive(service);
    const other = await lab.spawn(service);
    one!.signal('SIGSTOP');
    const began = performance.now();
    const stoppedMs = lockTimes.deposeAfterMs + 1_000;
    await until(() => performance.now() - began > stoppedMs, stoppedMs + 1_000);
    one!.signal('SIGCONT');
    await (random() < 0.5 ? one! : other).stop();
  },
  'broker killed': () => lab.nats.restart('SIGKILL', Math.floor(random() * 1_000)),
  'broker emptied': () => lab.nats.wipe(),
  'broker’s newest blocks cut': async () => void (await lab.nats.truncateLastBlock(1 + Math.floor(random() * 50_000))),
  'stream deleted': () => asOperator(({ streams }) => streams.delete(stream)),
  'stream purged': () => asOperator(({ streams }) => streams.purge(stream)),
  'Postgres restarted': () =>
    lab.postgres.restart(pick(['SIGINT', 'SIGQUIT', 'SIGKILL']), Math.floor(random() * 1_000)),
};

const done: Record<string, number> = {};
const books = { lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0, missing: 0, twice: 0, held: 0 };
let failure: string | undefined;
const began = performance.now();
console.log(`SEED=${seed}`);
while (!failure && performance.now() - began < secondsMax * 1_000) {
  const name = pick(Object.keys(faults));
  try {
    const load = submitter.submit(60, { deadlineMs: 60_000 });
    await faults[name]!();
    await load;
    await submitter.submit(20, { deadlineMs: 60_000 });
    add(await reckon(lab, submitter, 60_000));
  } catch (error) {
    failure = `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
  done[name] = (done[name] ?? 0) + 1;
  if (Object.values(books).some((count) => count > 0)) failure ??= `${name}: the books are not even`;
  console.log(
    `${((performance.now() - began) / 1_000).toFixed(0)} s · ${name} · ${submitter.accepted.length} accepted`,
  );
}
await submitter.stop();
await lab.stop();
const seconds = Math.round((performance.now() - began) / 1_000);
console.log(JSON.stringify({ seed, seconds, faults: done, accepted: submitter.accepted.length, ...books, failure: failure ?? null })); // prettier-ignore
process.exit(failure ? 1 : 0);

function add({ missing, twice, ...counts }: Reckoning): void {
  books.missing = missing.length;
  books.twice = twice.length;
  Object.assign(books, counts);
}
