import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from './lab.js';
import { producersFor, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { Progress } from '#libs/contracts/src/operations.js';
import { progressOf } from '#libs/messaging/src/progress.js';

export interface SettleOptions {
  readonly deadlineMs?: number;
  readonly services?: readonly ServiceName[];
  /** Work that becomes due within this time counts as not done: a second look, an early fill. Timers further off never count. */
  readonly workWithinMs?: number;
  /** Second looks at an app are taken without the wait between them: where a test is not about that wait, which is seconds each time. */
  readonly looksAtOnce?: boolean;
}

/**
 * Looks at the facts in the databases until every log is read to its end, nothing is retried and no work is due or under way.
 * Work that is due later, as of a timer, does not count.
 */
export async function settle(
  lab: Lab,
  { deadlineMs = 60_000, services = lab.running(), workWithinMs = 0, looksAtOnce = false }: SettleOptions,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  let unfinished: string[] = ['not looked yet'];
  let before = '';
  while (performance.now() < end) {
    if (looksAtOnce) await makeLooksDue(lab);
    const progress = new Map<ServiceName, Progress | undefined>();
    for (const service of services) progress.set(service, await read(lab, service));
    unfinished = [...whatIsLeft(progress), ...(await workSoon(lab, services, workWithinMs))];
    const now = JSON.stringify([...progress].map(([name, one]) => [name, one?.head, one?.cursors]));
    if (unfinished.length === 0 && now === before) return;
    // One look takes time: what ended in the middle of it is in none of its parts. Only a second look, as idle as the first, proves it.
    before = unfinished.length === 0 ? now : '';
    await sleep(25);
  }
  throw new Error(`not settled after ${deadlineMs} ms:\n  ${unfinished.join('\n  ')}`);
}

/** Undefined while the database cannot be asked: then nothing is settled. */
async function read(lab: Lab, service: ServiceName): Promise<Progress | undefined> {
  try {
    return await progressOf({ query: (sql, parameters = []) => lab.query(service, sql, [...parameters]) as never });
  } catch {
    return undefined;
  }
}

function whatIsLeft(progress: ReadonlyMap<ServiceName, Progress | undefined>): string[] {
  return [...progress].flatMap(([service, one]) => {
    if (!one) return [`${service}: database not readable`];
    const behind = producersFor(service)
      .filter((producer) => progress.has(producer))
      .filter((producer) => (one.cursors[producer] ?? 0) < (progress.get(producer)?.head ?? 0))
      .map(
        (producer) =>
          `${service}: read ${one.cursors[producer] ?? 0} of ${progress.get(producer)?.head} of ${producer}`,
      );
    return [
      ...(one.unnumbered > 0 ? [`${service}: ${one.unnumbered} rows without a number`] : []),
      ...behind,
      ...(one.held.retrying > 0 ? [`${service}: ${one.held.retrying} events are retried`] : []),
      ...(one.work.due + one.work.leased > 0
        ? [`${service}: work due ${one.work.due}, under way ${one.work.leased}`]
        : []),
    ];
  });
}

async function workSoon(lab: Lab, services: readonly ServiceName[], withinMs: number): Promise<string[]> {
  if (withinMs === 0) return [];
  const soon: string[] = [];
  for (const service of services) {
    const rows = await lab.query<{ kind: string }>(
      service,
      `select kind from work where due_at < clock_timestamp() + $1 * interval '1 millisecond'`,
      [withinMs],
    );
    soon.push(...rows.map((row) => `${service}: ${row.kind} is due soon`));
  }
  return soon;
}

const makeLooksDue = (lab: Lab) =>
  lab.query(
    'comparator',
    `update work set due_at = clock_timestamp() where kind = 'comparison' and due_at > clock_timestamp() and lease_until is null`,
  );

type Look<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** Waits until a fact holds, and gives it; throws when it does not in time. */
export async function until<T>(fact: Look<T>, deadlineMs = 20_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const found = await fact();
    if (found) return found;
    if (performance.now() > end) throw new Error(`still not so after ${deadlineMs} ms: ${fact}`);
    await sleep(20);
  }
}
