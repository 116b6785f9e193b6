import { Injectable } from '@nestjs/common';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface Schedule {
  readonly isOn: boolean;
  readonly intervalSeconds: number;
  readonly setBy: string;
  readonly nextAt: Date | null;
}

const columns = 'is_on as "isOn", interval_seconds as "intervalSeconds", set_by as "setBy", next_at as "nextAt"';

/** The one row that says when all apps are compared next. */
@Injectable()
export class ScheduleRepository {
  async ensure(tx: Tx, intervalSeconds: number): Promise<void> {
    await tx.query(
      `insert into schedule (is_on, interval_seconds, set_by) values (true, $1, 'environment')
       on conflict (only_row) do update set interval_seconds = case when schedule.set_by = 'environment' then $1 else schedule.interval_seconds end`,
      [intervalSeconds],
    );
  }

  async lock(tx: Tx): Promise<Schedule> {
    const [row] = await tx.query<Schedule>(`select ${columns} from schedule for update`);
    if (!row) throw new Error('the schedule row is missing');
    return { ...row, nextAt: row.nextAt && new Date(row.nextAt) };
  }

  async read(tx: Tx): Promise<Schedule | undefined> {
    const [row] = await tx.query<Schedule>(`select ${columns} from schedule`);
    return row && { ...row, nextAt: row.nextAt && new Date(row.nextAt) };
  }

  async save(tx: Tx, { isOn, intervalSeconds, setBy, nextAt }: Schedule): Promise<void> {
    await tx.query('update schedule set is_on = $1, interval_seconds = $2, set_by = $3, next_at = $4', [
      isOn,
      intervalSeconds,
      setBy,
      nextAt,
    ]);
  }
}
