import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';

/**
 * One open transaction. Handlers pass it on; repositories use `em` or `query`; messages are sent with it.
 * Nothing that happens through it is visible to anyone before the commit, and nothing remains after a throw.
 */
export interface Tx {
  /** When this transaction began, by the service's clock: the one time that everything in it goes by. */
  readonly now: Date;
  /** MikroORM's manager of this transaction: for `persistence/` only. */
  readonly em: EntityManager;
  /** A statement with `$1` parameters inside this transaction. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Writes what entities have changed so far, so that later statements of this transaction see it. */
  flush(): Promise<void>;
  /** Runs after the entities are flushed, still inside the transaction. Once per `name`. */
  beforeCommit(name: string, run: () => Promise<void>): void;
  /** Runs when the commit has succeeded: for wake-ups only, since a crash may come first. Once per `name`. */
  afterCommit(name: string, run: () => void): void;
}

export class OpenTransaction implements Tx {
  private readonly before = new Map<string, () => Promise<void>>();
  private readonly after = new Map<string, () => void>();

  constructor(
    readonly em: EntityManager,
    readonly now: Date,
  ) {}

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const context = this.em.getTransactionContext() as Kysely<unknown> | undefined;
    if (!context) throw new Error('the transaction has ended');
    const result = await context.executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
    return result.rows;
  }

  flush(): Promise<void> {
    return this.em.flush();
  }

  beforeCommit(name: string, run: () => Promise<void>): void {
    this.before.set(name, run);
  }

  afterCommit(name: string, run: () => void): void {
    this.after.set(name, run);
  }

  async runBeforeCommit(): Promise<void> {
    for (const run of this.before.values()) await run();
  }

  runAfterCommit(): void {
    for (const run of this.after.values()) run();
  }
}
