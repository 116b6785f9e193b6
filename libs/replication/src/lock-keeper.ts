import type pg from 'pg';
import { lockId, type Database } from '#libs/platform/src/database.js';
import type { Logger } from '#libs/platform/src/logger.js';
import type { Runs } from './numbered-log.js';

/** Told once per loss; the holder must stop what it did in the lock's name. */
export interface Lock {
  readonly name: string;
  /** The connection that holds the lock: what is written through it cannot come from a deposed holder. Constant statements only. */
  readonly connection: Runs;
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/** How often a lock is asked for, how often a holder shows that it lives, and when a silent one is deposed. */
export const lockTimes = { askMs: 500, renewMs: 2_000, deposeAfterMs: 10_000 };

/**
 * Holds named session locks of one service on one connection of its own, and asks for those it does not hold.
 * Exactly one process holds a name at any time: Postgres frees the lock when the connection ends, however it ends.
 * A holder that is stopped keeps its connection; it is deposed by ending that backend once it has been silent for 10 s.
 */
export class LockKeeper {
  private client: pg.Client | undefined;
  private connecting: Promise<pg.Client> | undefined;
  private readonly held = new Set<{ name: string; lose: () => void }>();
  private renewal: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly times = lockTimes,
  ) {}

  /** Waits until the lock is ours; resolves to undefined when `signal` is aborted first. */
  async acquire(name: string, signal: AbortSignal): Promise<Lock | undefined> {
    while (!signal.aborted && !this.closed) {
      try {
        const client = await this.connected();
        const lock = await this.inTurn(() => this.tryAcquire(client, name));
        if (lock) return lock;
      } catch (error) {
        this.logger.warn({ err: error, lock: name }, 'lock not asked for');
      }
      await pause(this.times.askMs, signal);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.renewal);
    const client = this.client;
    this.drop();
    await client?.end();
  }

  private async tryAcquire(client: pg.Client, name: string): Promise<Lock | undefined> {
    if ([...this.held].some((lock) => lock.name === name))
      throw new Error(`lock ${name} is held by this process already`);
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lockId(name)]);
    if (!rows[0]?.taken) {
      await this.deposeSilentHolder(client, name);
      return undefined;
    }
    try {
      await client.query(
        `insert into lock_holder (name, backend_pid, renewed_at) values ($1, pg_backend_pid(), clock_timestamp())
         on conflict (name) do update set backend_pid = excluded.backend_pid, renewed_at = excluded.renewed_at`,
        [name],
      );
    } catch (error) {
      await client.query('select pg_advisory_unlock($1)', [lockId(name)]);
      throw error;
    }
    return this.hold(name, client);
  }

  /** One statement at a time on the one connection. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
  private turn: Promise<unknown> = Promise.resolve();

  private hold(name: string, client: pg.Client): Lock {
    let lose = () => {};
    const lost = new Promise<void>((done) => (lose = done));
    const entry = { name, lose };
    this.held.add(entry);
    return {
      name,
      lost,
      connection: {
        query: <Row>(sql: string, parameters: readonly unknown[] = []) =>
          this.inTurn(async () => (await client.query(prepared(sql, parameters))).rows as Row[]),
      },
      release: async () => {
        if (!this.held.delete(entry)) return;
        await this.inTurn(() => client.query('select pg_advisory_unlock($1)', [lockId(name)]));
        lose();
      },
    };
  }

  private connected(): Promise<pg.Client> {
    if (this.client) return Promise.resolve(this.client);
    this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async connect(): Promise<pg.Client> {
    const client = await this.database.connect();
    // A plan that is kept may be older than the table's growth; every statement under a lock has an index to go by.
    await client.query('set enable_seqscan = off');
    if (this.closed) {
      await client.end();
      throw new Error('closed');
    }
    client.on('end', () => this.client === client && this.drop());
    this.client = client;
    this.renewal = setInterval(() => void this.renew(client), this.times.renewMs);
    return client;
  }

  private async renew(client: pg.Client): Promise<void> {
    const names = [...this.held].map((lock) => lock.name);
    if (names.length === 0) return;
    try {
      await this.inTurn(() =>
        client.query(
          'update lock_holder set renewed_at = clock_timestamp() where name = any($1) and backend_pid = pg_backend_pid()',
          [names],
        ),
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'locks not renewed');
    }
  }

  /** Only a backend that really holds this lock is ended, and only when its holder has been silent by the database's clock. */
  private async deposeSilentHolder(client: pg.Client, name: string): Promise<void> {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(holder.backend_pid) from lock_holder holder
       join pg_locks on pg_locks.pid = holder.backend_pid and pg_locks.locktype = 'advisory' and pg_locks.granted
       join pg_database on pg_database.oid = pg_locks.database and pg_database.datname = current_database()
       where holder.name = $1 and holder.renewed_at < clock_timestamp() - make_interval(secs => $2 / 1000.0)
         and (pg_locks.classid::bigint << 32 | pg_locks.objid::bigint) = $3::bigint`,
      [name, this.times.deposeAfterMs, lockId(name)],
    );
    if (rowCount) this.logger.warn({ lock: name }, 'deposed a silent holder');
  }

  private drop(): void {
    clearInterval(this.renewal);
    this.client = undefined;
    for (const lock of this.held) lock.lose();
    this.held.clear();
  }
}

/** Parsed and planned once per connection: the few statements under a lock run a thousand times a second. */
const prepared = (sql: string, parameters: readonly unknown[]): pg.QueryConfig => {
  let name = statementNames.get(sql);
  if (!name) statementNames.set(sql, (name = `under_lock_${statementNames.size + 1}`));
  return { name, text: sql, values: [...parameters] };
};
const statementNames = new Map<string, string>();

/** Resolves after `ms` or when aborted, whichever is first. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) return done();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
