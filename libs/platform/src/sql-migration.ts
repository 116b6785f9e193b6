import { Migration } from '@mikro-orm/migrations';

/** One step of a schema, there and back, as plain SQL. `name` sorts: `0003-dead-letters`. Names are never reused. */
export interface SqlMigration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** A step may rewrite a large table; it waits for its locks, but not for ever. The limits of ordinary statements do not hold. */
const limits = `set local statement_timeout = 0; set local lock_timeout = '30s';`;

/** The form in which MikroORM's migrator runs it: one transaction per step. */
export const toMikroMigration = (step: SqlMigration) => ({
  name: step.name,
  class: class extends Migration {
    override up(): void {
      this.addSql(`${limits} ${step.up}`);
    }
    override down(): void {
      this.addSql(`${limits} ${step.down}`);
    }
  },
});
