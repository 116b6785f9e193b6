import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Lab } from './lab.js';
import { producersFor, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { Progress } from '#libs/contracts/src/operations.js';
import { progressOf } from '#libs/messaging/src/progress.js';

export interface SettleOptions {
  readonly deadlineMs?: number;
  readonly services?: readonly ServiceName[];
  /** Work that becomes due within this time counts as not done: a second look, an early fill. Timers further off never count. */
  readonly workWithinMs?: number;
}

/** Looks at the facts in the databases until every log is read to its end, nothing is retried and no work is due or under way. */
export async function settle(
  lab: Lab,
  { deadlineMs = 60_000, services = lab.running(), workWithinMs = 0 }: SettleOptions,
): Promise<void> {
  const clients = new Map<ServiceName, pg.Client>();
  const end = performance.now() + deadlineMs;
  try {
    let unfinished: string[] = ['not looked yet'];
    let before = '';
    while (performance.now() < end) {
      const progress = await readAll(lab, services, clients);
      unfinished = [...whatIsLeft(progress), ...(await workSoon(clients, workWithinMs))];
      const now = JSON.stringify([...progress].map(([name, one]) => [name, one?.head, one?.cursors]));
      if (unfinished.length === 0 && now === before) return;
      before = now;
      await sleep(25);
    }
    throw new Error(`not settled after ${deadlineMs} ms:\n  ${unfinished.join('\n  ')}`);
  } finally {
    await Promise.all([...clients.values()].map((client) => client.end().catch(() => undefined)));
  }
}

async function readAll(lab: Lab, services: readonly ServiceName[], clients: Map<ServiceName, pg.Client>) {
  const progress = new Map<ServiceName, Progress | undefined>();
  for (const service of services) progress.set(service, await read(lab, service, clients));
  return progress;
}

/** Undefined while the database cannot be asked: then nothing is settled. */
async function read(
  lab: Lab,
  service: ServiceName,
  clients: Map<ServiceName, pg.Client>,
): Promise<Progress | undefined> {
  try {
    let client = clients.get(service);
    if (!client) {
      client = new pg.Client({ connectionString: lab.plan[service]['DATABASE_URL'] });
      client.on('error', () => clients.delete(service));
      await client.connect();
      clients.set(service, client);
    }
    const connection = client;
    return await progressOf({
      query: async (sql, parameters = []) => (await connection.query(sql, [...parameters])).rows as never,
    });
  } catch {
    clients.delete(service);
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

async function workSoon(clients: ReadonlyMap<ServiceName, pg.Client>, withinMs: number): Promise<string[]> {
  if (withinMs === 0) return [];
  const soon: string[] = [];
  for (const [service, client] of clients) {
    const { rows } = await client.query<{ kind: string }>(
      `select kind from work where due_at < clock_timestamp() + $1 * interval '1 millisecond'`,
      [withinMs],
    );
    soon.push(...rows.map((row) => `${service}: ${row.kind} is due soon`));
  }
  return soon;
}

/** Waits until a fact holds; throws when it does not in time. */
export async function until(fact: () => Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await fact())) {
    if (performance.now() > end) throw new Error(`still not so after ${deadlineMs} ms: ${fact}`);
    await sleep(25);
  }
}
