import { Injectable } from '@nestjs/common';
import type { OpenWindow } from '../domain/probe-windows.js';
import type { Tx } from '#libs/platform/src/transaction.js';

@Injectable()
export class WindowRepository {
  /** Windows that are not over. They are declared one after the other until the transaction ends, so that two cannot take one place. */
  async lockOpen(tx: Tx): Promise<OpenWindow[]> {
    await tx.query(`select pg_advisory_xact_lock(hashtext('probe windows'))`);
    const rows = await tx.query<{ appId: string; endsAt: string }>(
      'select app_id as "appId", ends_at as "endsAt" from probe_window where ends_at > $1',
      [tx.now],
    );
    return rows.map(({ appId, endsAt }) => ({ appId, endsAt: new Date(endsAt) }));
  }

  /** What is over has no meaning here any more. */
  async add(tx: Tx, windowId: string, { appId, endsAt }: OpenWindow): Promise<void> {
    await tx.query('delete from probe_window where ends_at <= $1', [tx.now]);
    await tx.query('insert into probe_window (window_id, app_id, declared_at, ends_at) values ($1, $2, $3, $4)', [
      ...[windowId, appId, tx.now, endsAt],
    ]);
  }
}
