import { Injectable } from '@nestjs/common';
import type { Freeze } from '#libs/contracts/src/leaderboard.js';
import { Database } from '#libs/platform/src/database.js';

/** What the leaderboard last said of the freeze: so that a start while it is down hides what was hidden before. */
@Injectable()
export class FreezeRepository {
  constructor(private readonly database: Database) {}

  async read(): Promise<Freeze | null> {
    const [row] = await this.database.query<{ frozenAt: string | null }>(
      'select frozen_at as "frozenAt" from known_freeze',
    );
    return row?.frozenAt ? { at: new Date(row.frozenAt).toISOString() } : null;
  }

  async write(freeze: Freeze | null): Promise<void> {
    await this.database.query('update known_freeze set frozen_at = $1', [freeze?.at ?? null]);
  }
}
