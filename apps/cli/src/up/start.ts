import { checkBroker, openBroker, openDatabase } from './backing.js';
import { startLab, type RunningLab, type Shared } from './lab.js';
import type { Environment } from './lab-settings.js';
import { cardsOf, placeLabs, readLabs, type KnownLab, type PlacedLab } from './placed-labs.js';
import { hostAll, hostApart, splitAll } from './running-services.js';
import { labDataDir } from '../installation.js';
import { acquireLock, type DataLock } from '#libs/local/src/data-lock.js';
import type { Progress } from '#libs/local/src/progress.js';
import { allAtOnce, everyStep } from '#libs/platform/src/closing.js';

export interface StartOptions {
  readonly split: boolean;
  readonly demo: boolean;
  readonly env: Environment;
  readonly progress: Progress;
}

export interface Installation {
  /** The lab that is always there. */
  readonly first: RunningLab;
  readonly beside: readonly RunningLab[];
  /** Labs beside it that did not start: the others do not pay for it. */
  readonly failed: readonly { readonly name: string; readonly why: string }[];
  stop(): Promise<void>;
}

/** Brings everything up in the order in which it is needed, and takes it down in the reverse, also when something fails half-way. */
export async function startInstallation(options: StartOptions): Promise<Installation> {
  const dir = labDataDir();
  const known = await readLabs(dir, options.env, options.demo);
  const endings: (() => unknown)[] = [];
  const stop = () => everyStep(endings.splice(0).toReversed());
  try {
    const lock = acquireLock(dir);
    endings.push(() => lock.release());
    return { ...(await compose({ dir, lock, known, options, endings })), stop };
  } catch (error) {
    await stop().catch((failure: unknown) => options.progress.done(`Not all of it was stopped: ${String(failure)}`));
    throw error;
  }
}

interface Composing {
  readonly dir: string;
  readonly lock: DataLock;
  readonly known: readonly KnownLab[];
  readonly options: StartOptions;
  readonly endings: (() => unknown)[];
}

async function compose({ dir, lock, known, options, endings }: Composing): Promise<Omit<Installation, 'stop'>> {
  const { progress, split, demo } = options;
  const labs = await placeLabs(known);
  const [{ settings }] = labs as [PlacedLab];
  await checkBroker(settings, progress);
  const postgres = await openDatabase(dir, settings, labs.length, progress);
  endings.push(() => postgres.stop());
  const broker = await openBroker(labs, settings, progress);
  endings.push(() => broker.stop());
  const shared = { labs, cards: cardsOf(labs), postgres, broker, progress };
  const running: RunningLab[] = [];
  endings.push(() => allAtOnce(running.map((lab) => () => lab.stop())));
  const first = await startFirst(shared, { split, demo });
  running.push(first);
  lock.setAddress(first.url);
  const { beside, failed } = await startBeside(shared, split);
  running.push(...beside);
  return { first, beside, failed };
}

/** In this process, so that the second start of what most have is as quick as can be. */
function startFirst(shared: Shared, { split, demo }: Pick<StartOptions, 'split' | 'demo'>): Promise<RunningLab> {
  const { labs, progress } = shared;
  progress.step(split ? 'Starting the services, each in its process' : 'Starting the services');
  const told = (line: string) => progress.done(line);
  return startLab({ lab: labs[0]!, demo, run: (plan) => (split ? splitAll(plan, { told }) : hostAll(plan)) }, shared);
}

/** Each in a process of its own, all at once. One that does not start leaves the others alone. */
async function startBeside(shared: Shared, split: boolean): Promise<Pick<Installation, 'beside' | 'failed'>> {
  const { progress } = shared;
  const labs = shared.labs.slice(1);
  if (labs.length > 0) progress.step(`Starting ${labs.map(({ name }) => name).join(', ')}`);
  const beside: RunningLab[] = [];
  const failed: { name: string; why: string }[] = [];
  const start = async (lab: PlacedLab): Promise<void> => {
    const apart = { lab: lab.name, told: (line: string) => progress.done(line) };
    const run = startLab(
      {
        ...{ lab, demo: false },
        run: (plan, logs) => (split ? splitAll(plan, apart) : hostApart(plan, apart, logs.fileOf('process'))),
      },
      shared,
    );
    try {
      beside.push(await run);
    } catch (error) {
      failed.push({ name: lab.name, why: error instanceof Error ? error.message : String(error) });
    }
  };
  await Promise.all(labs.map(start));
  return { beside: beside.toSorted((a, b) => a.name.localeCompare(b.name)), failed };
}
