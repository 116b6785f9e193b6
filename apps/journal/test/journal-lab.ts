import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type Postgres } from '#libs/local/src/postgres.js';

/** A Postgres for one suite and a fresh database for whoever asks. */
export interface JournalLab {
  postgres: Postgres;
  /** The URL of an empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

export async function startLab(): Promise<JournalLab> {
  const dir = mkdtempSync(join(tmpdir(), 'lockstep-journal-'));
  chmodSync(dir, 0o711); // Postgres runs as another user when we are root, and has to walk through
  const postgres = await startPostgres({ dir, fsync: false, maxConnections: 100 });
  let count = 0;
  return {
    postgres,
    database: () => postgres.ensureDatabase(`journal_${++count}`, { password: 'for this suite' }),
    stop: async () => {
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
