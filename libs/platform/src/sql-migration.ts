import { Migration } from '@mikro-orm/migrations';

/** One step of a schema, there and back, as plain SQL. `name` sorts: `0003-dead-letters`. Names are never reused. */
export interface SqlMigration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** The form in which MikroORM's migrator runs it: one transaction per step. */
export const toMikroMigration = (step: SqlMigration) => ({
  name: step.name,
  class: class extends Migration {
    override up(): void {
      this.addSql(step.up);
    }
    override down(): void {
      this.addSql(step.down);
    }
  },
});
