import type { SqlMigration } from '#libs/platform/src/sql-migration.js';

/**
 * What a look is given of the ledger, put together when it is written and not at every look: the writes of one app, kind and fill as
 * JSON arrays with commas between them (`KeptLedger`). `ledger_write` says the same, row by row.
 */
export const keptLedgers: SqlMigration = {
  name: '0112-kept-ledgers',
  up: `
    create table ledger_part (
      target_id uuid not null,
      kind text not null,
      fill_number int not null,
      count int not null,
      acknowledged int not null,
      writes text not null,
      primary key (target_id, kind, fill_number)
    );
    create index ledger_part_fill on ledger_part (fill_number);
    insert into ledger_part (target_id, kind, fill_number, count, acknowledged, writes)
    select target_id, kind, fill_number, count(*), count(*) filter (where outcome = 'acknowledged'),
           string_agg(json_build_array(marker, payload, index, outcome = 'acknowledged',
             to_char(acknowledged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             to_char(sent_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text, ',' order by index)
    from ledger_write group by target_id, kind, fill_number;`,
  down: 'drop table ledger_part;',
};
