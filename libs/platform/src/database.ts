import { createHash } from 'node:crypto';
import { FlushMode, type EntitySchema, type EntityClass } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { systemClock, type Clock } from './clock.js';
import type { Logger } from './logger.js';
import { CommitUnknown, databaseTrouble } from './database-trouble.js';
import { hangUpWhenSilent, repairPool } from './pool-repair.js';
import { toMikroMigration, type SqlMigration } from './sql-migration.js';
import { OpenTransaction, type Tx } from './transaction.js';

export interface DatabaseSettings {
  readonly url: string;
  readonly service: string;
  readonly entities: readonly (EntitySchema | EntityClass<unknown>)[];
  readonly migrations: readonly SqlMigration[];
  readonly poolMax: number;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Other limits than the usual ones; for tests. */
  readonly limits?: Partial<typeof limits>;
}

/**
 * Limits of every connection of the pool. A statement that takes longer is a defect, not a wish. A process that is stopped in the
 * middle of a transaction holds up those who wait for its rows, so Postgres ends such a transaction before they give up.
 * A server that has vanished without a word answers no statement: that is noticed here, since it cannot notice it itself.
 */
const limits = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 10_000,
  query_timeout: 15_000,
  lock_timeout: 4_000,
  idle_in_transaction_session_timeout: 3_000,
  maxLifetimeSeconds: 1_800,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
};
const lockConnectionLimits = { statement_timeout: 5_000, query_timeout: 8_000 };
const migrationWaitMs = 60_000;

/**
 * A service's own database: one MikroORM instance, one pool.
 * Every unit of work is `transaction`: an entity manager of its own, committed or rolled back as a whole. Survives a restart of Postgres.
 */
export class Database {
  private constructor(
    private readonly orm: MikroORM,
    private readonly settings: DatabaseSettings,
  ) {
    this.clock = settings.clock ?? systemClock;
  }
  private readonly clock: Clock;

  static async open(settings: DatabaseSettings): Promise<Database> {
    const orm = await MikroORM.init({
      clientUrl: settings.url,
      entities: [...settings.entities],
      discovery: { warnWhenNoEntities: false },
      pool: { min: 0, max: settings.poolMax },
      driverOptions: {
        ...limits,
        ...settings.limits,
        application_name: `lockstep-${settings.service}`,
        onPoolCreated: repairPool,
      },
      extensions: [Migrator],
      migrations: {
        tableName: 'schema_migration',
        migrationsList: settings.migrations.map(toMikroMigration),
        snapshot: false,
        transactional: true,
        allOrNothing: false,
      },
      logger: (message) => settings.logger.debug(message),
      colors: false,
    });
    return new Database(orm, settings);
  }

  /** Brings the schema to the newest step. Instances that start together wait for each other. */
  async migrateUp(): Promise<string[]> {
    return this.underMigrationLock(async () => (await this.orm.migrator.up()).map((step) => step.name));
  }

  /** Takes back the newest steps, one by default. */
  async migrateDown(steps = 1): Promise<string[]> {
    return this.underMigrationLock(async () => {
      const undone: string[] = [];
      while (undone.length < steps) {
        const [step] = await this.orm.migrator.down();
        if (!step) break;
        undone.push(step.name);
      }
      return undone;
    });
  }

  async migrationStatus(): Promise<{ name: string; executedAt: Date | null }[]> {
    const executed = await this.orm.migrator.getExecuted();
    const pending = await this.orm.migrator.getPending();
    return [
      ...executed.map((row) => ({ name: row.name, executedAt: row.executed_at })),
      ...pending.map((row) => ({ name: row.name, executedAt: null })),
    ];
  }

  /** Runs `work` in one transaction. What it changed on entities is flushed before the commit; a throw rolls everything back. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const em = this.orm.em.fork({ flushMode: FlushMode.COMMIT });
    const open = new OpenTransaction(em as EntityManager, this.clock.now());
    await em.begin();
    try {
      const result = await work(open);
      await em.flush();
      await open.runBeforeCommit();
      await commit(em as EntityManager);
      this.tellOf(open);
      return result;
    } catch (error) {
      if (em.isInTransaction()) await rollBack(em as EntityManager, this.settings.logger);
      throw error;
    }
  }

  /** What is committed stays committed, whatever those who are told of it do. */
  private tellOf(committed: OpenTransaction): void {
    try {
      committed.runAfterCommit();
    } catch (error) {
      this.settings.logger.error({ err: error }, 'a wake-up after a commit failed');
    }
  }

  /** One statement outside any transaction of ours. */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = this.orm.em.getConnection().getClient();
    const result = await client.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
    return result.rows;
  }

  /** A connection of its own, outside the pool: for session locks. The caller ends it. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.settings.url,
      application_name: `lockstep-${this.settings.service}-locks`,
      ...limits,
      ...lockConnectionLimits,
    });
    client.on('error', (error) => this.settings.logger.warn({ err: error }, 'the connection of the locks failed'));
    await client.connect();
    return hangUpWhenSilent(client);
  }

  async close(): Promise<void> {
    await this.orm.close(true);
  }

  private async underMigrationLock<T>(work: () => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.settings.url,
      connectionTimeoutMillis: limits.connectionTimeoutMillis,
      lock_timeout: migrationWaitMs,
    });
    client.on('error', (error) =>
      this.settings.logger.warn({ err: error }, 'the connection of the migration lock failed'),
    );
    await client.connect();
    try {
      await client.query('select pg_advisory_lock($1)', [lockId('schema_migration')]);
      return await work();
    } finally {
      await client.end();
    }
  }
}

/** Postgres wants a 64-bit number for an advisory lock; a name is what people read. */
export const lockId = (name: string): string => createHash('sha256').update(name).digest().readBigInt64BE(0).toString();

async function commit(em: EntityManager): Promise<void> {
  try {
    await em.commit();
  } catch (error) {
    if (databaseTrouble(error) !== 'away') throw error;
    throw new CommitUnknown('the connection was lost during the commit', { cause: error });
  }
}

/** A lost connection cannot roll back; Postgres has done it. The error that led here is the one to report. */
async function rollBack(em: EntityManager, logger: Logger): Promise<void> {
  try {
    await em.rollback();
  } catch (error) {
    logger.debug({ err: error }, 'rollback failed');
  }
}
