import { Injectable } from '@nestjs/common';
import type { ComparedApp } from './ledger.repository.js';
import { SharedStatement, type Asked } from '#libs/platform/src/shared-statement.js';
import type { Tx } from '#libs/platform/src/transaction.js';

const active = new SharedStatement<string, ComparedApp & Asked>(
  `select ask::int, app_id as "appId", name, url, joined_at as "joinedAt"
   from unnest($1::uuid[]) with ordinality as asked (id, ask) join app on app_id = id where left_at is null`,
  (appIds) => [appIds],
);

/** Who takes part, and where. */
@Injectable()
export class AppRepository {
  /** It joins, comes back, or changed its name or address; a change of address is remembered with its time. */
  async join(tx: Tx, { appId, name, url, joinedAt }: ComparedApp, at: Date): Promise<void> {
    const [known] = await tx.query<{ url: string }>('select url from app where app_id = $1 for update', [appId]);
    await tx.query(
      `insert into app (app_id, name, url, joined_at) values ($1, $2, $3, $4)
       on conflict (app_id) do update set name = excluded.name, url = excluded.url, joined_at = excluded.joined_at, left_at = null`,
      [appId, name, url, joinedAt],
    );
    if (known && known.url !== url)
      await tx.query('insert into app_move (app_id, at) values ($1, $2) on conflict do nothing', [appId, at]);
  }

  async leave(tx: Tx, appId: string, at: string): Promise<void> {
    await tx.query('update app set left_at = $2 where app_id = $1', [appId, at]);
  }

  /** Unless it has left. */
  async activeOne(tx: Tx, appId: string): Promise<ComparedApp | undefined> {
    const [app] = await active.ask(tx, appId);
    return app;
  }

  /** Those that take part: all, or of the given ones. */
  active(tx: Tx, only: readonly string[] | 'all'): Promise<ComparedApp[]> {
    return tx.query<ComparedApp>(
      `select app_id as "appId", name, url, joined_at as "joinedAt" from app
       where left_at is null and ($1::uuid[] is null or app_id = any($1)) order by joined_at, app_id`,
      [only === 'all' ? null : only],
    );
  }

  /** Apps that were part of this fill and have not been judged since they joined: no comparison since then has come to a verdict. */
  notJudgedYet(tx: Tx, fillNumber: number): Promise<{ appId: string }[]> {
    return tx.query<{ appId: string }>(
      `select app_id as "appId" from app
       where left_at is null and exists (select from ledger_write where target_id = app_id and fill_number = $1)
         and not exists (select from comparison where comparison.app_id = app.app_id and comparison.requested_at >= joined_at
                           and is_public and state = 'done' and verdict in ('in-sync', 'out-of-sync', 'unreachable'))`,
      [fillNumber],
    );
  }
}
