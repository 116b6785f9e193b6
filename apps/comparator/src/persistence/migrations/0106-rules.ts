import { firstRules } from '../../domain/rules.js';
import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/** Version 1 is what was compared before rules had versions. Rows of `rule_set` are never changed: they are the audit of the rules. */
export const rules: SqlMigration = {
  name: '0106-rules',
  up: `
    create table rule_set (
      version int primary key check (version > 0),
      author text not null,
      reason text not null,
      rules jsonb not null,
      published_at timestamptz not null
    );
    insert into rule_set (version, author, reason, rules, published_at)
      values (1, 'lockstep', 'The rules that Lockstep comes with.', $rules$${JSON.stringify(firstRules)}$rules$, now());
    alter table comparison add column rules_version int, add column rule_hits jsonb not null default '[]';`,
  down: 'alter table comparison drop column rules_version, drop column rule_hits; drop table rule_set;',
};
