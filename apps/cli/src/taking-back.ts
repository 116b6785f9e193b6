import { consumersOf, producersFor, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { Database } from '#libs/platform/src/database.js';

/**
 * Services whose tables are folded from events of others, and the step that makes those tables. Without them a place in a log means
 * nothing: what was read is gone, and would never be read again.
 */
export const foldedBy: Partial<Record<ServiceName, string>> = {
  leaderboard: '0101-board',
  comparator: '0101-obligations',
};

/** The steps cannot be taken back, or not now: said in one line, with what can be done. */
export class CannotTakeBack extends Error {
  override readonly name = 'CannotTakeBack';
}

export interface TakenBack {
  readonly steps: readonly string[];
  /** The service's places in the logs that it reads went as well. */
  readonly readsAgain: boolean;
}

export interface Owned {
  readonly service: ServiceName;
  /** Names of the service's own steps; the others in its database hold its log and its inbox, and are the same everywhere. */
  readonly own: readonly string[];
}

/**
 * Takes back the newest of a service's own steps. Its log and inbox stay, since other services rely on them; and so does everything
 * when it is the source of what others have heard. Repeated after an interruption, it ends what had begun.
 */
export async function takeBack(database: Database, { service, own }: Owned, steps: number): Promise<TakenBack> {
  await refuseWhereOthersRely(database, { service, own }, steps);
  const undone = await database.migrateDown(Math.min(steps, (await takenOf(database, own)).length));
  const left = await takenOf(database, own);
  const folded = foldedBy[service];
  const readsAgain = folded !== undefined && !left.includes(folded);
  if (readsAgain) await forgetPlaces(database);
  if (left.length === 0) await database.query('delete from work');
  return { steps: undone, readsAgain };
}

const beginAnew = 'To begin anew with everything, stop the lab and remove its data directory.';

async function refuseWhereOthersRely(database: Database, { service, own }: Owned, steps: number): Promise<void> {
  if (await isInUse(database, service))
    throw new CannotTakeBack(
      `${service} is running: it would fail at every event, and put all of them aside. Stop the lab first (Ctrl-C); this command then starts the database by itself.`,
    );
  const readers = consumersOf(service).join(', ');
  if (steps > own.length)
    throw new CannotTakeBack(
      `${service} has ${own.length} ${own.length === 1 ? 'step' : 'steps'} of its own. Below them are its log and its inbox: without them ` +
        `${readers ? `${readers} would stop reading, because the log has gone back` : 'it could not start'}. ${beginAnew}`,
    );
  if (!foldedBy[service] && readers && (await hasSpoken(database)))
    throw new CannotTakeBack(
      `${service} has said or been asked what others rely on: ${readers} would go on with what nobody knows of any more, and wait for what never ends. ${beginAnew}`,
    );
}

const takenOf = async (database: Database, own: readonly string[]): Promise<string[]> =>
  (await database.migrationStatus()).flatMap(({ name, executedAt }) =>
    executedAt && own.includes(name) ? [name] : [],
  );

/** A running service holds its locks on a connection of its own. */
async function isInUse(database: Database, service: ServiceName): Promise<boolean> {
  const rows = await database.query(
    'select from pg_stat_activity where datname = current_database() and application_name = $1 limit 1',
    [`lockstep-${service}-locks`],
  );
  return rows.length > 0;
}

/** Whether its log has a row, or it has read one of another. */
async function hasSpoken(database: Database): Promise<boolean> {
  const [row] = await database.query<{ spoken: boolean }>(
    `select exists (select from outbox) or (select n from outbox_head) > 0 or exists (select from cursor where n > 0) as spoken`,
  );
  return row!.spoken;
}

/** Where the service was in the logs of others, what it applied of them, and what it put aside: it begins anew with each of them. */
async function forgetPlaces(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    for (const table of ['cursor', 'applied', 'applied_swept', 'held']) await tx.query(`delete from ${table}`);
  });
}

/** What whoever took steps back has to know. */
export function consequences(service: ServiceName, { steps, readsAgain }: TakenBack): string {
  if (readsAgain)
    return `Its place in the logs of ${producersFor(service).join(', ')} is gone as well: after the next start it reads again what they still keep, a day at least.`;
  return steps.length === 0 ? 'Nothing was there to be taken back.' : 'Nobody else relies on it.';
}
