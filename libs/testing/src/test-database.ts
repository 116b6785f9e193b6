import { startPostgres, type Postgres } from '#libs/local/src/postgres.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';
import { messagingMigrations } from '#libs/messaging/src/migrations.js';
import { Database } from '#libs/platform/src/database.js';
import { createLogger, type Logger } from '#libs/platform/src/logger.js';
import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

export const quiet: Logger = createLogger('test', 'silent');

/** A real Postgres without services: for parts of the bus that need nothing else. */
export class TestDatabase {
  private readonly opened: Database[] = [];

  private constructor(
    private readonly place: ReturnType<typeof throwawayDataDir>,
    readonly postgres: Postgres,
  ) {}

  /** `fsync` where a measurement is to cost what it costs in production. */
  static async start({ fsync = false } = {}): Promise<TestDatabase> {
    const place = throwawayDataDir({ onDisk: fsync });
    return new TestDatabase(place, await startPostgres({ dir: place.dir, fsync }));
  }

  /** One service's database with the tables of the bus, and `more`; opened again under the same name it is a second instance. */
  async open(name: string, more: readonly SqlMigration[] = []): Promise<Database> {
    return this.openAt(await this.postgres.ensureDatabase(name, { password: 'test' }), name, more);
  }

  async openAt(url: string, name: string, more: readonly SqlMigration[] = []): Promise<Database> {
    const database = await Database.open({
      url,
      service: name,
      entities: [],
      migrations: [...messagingMigrations, ...more],
      poolMax: 8,
      logger: quiet,
    });
    this.opened.push(database);
    await database.migrateUp();
    return database;
  }

  async stop(): Promise<void> {
    for (const database of this.opened) await database.close();
    await this.postgres.stop();
    this.place.remove();
  }
}
