import { startPostgres, type Postgres } from '#libs/local/src/postgres.js';
import { throwawayDataDir } from '#libs/local/src/throwaway-dir.js';

/** A Postgres for one suite and a fresh database for whoever asks. */
export interface JournalLab {
  postgres: Postgres;
  /** The URL of an empty database. */
  database(): Promise<string>;
  stop(): Promise<void>;
}

export async function startLab(): Promise<JournalLab> {
  const place = throwawayDataDir();
  const postgres = await startPostgres({ dir: place.dir, fsync: false, maxConnections: 100 });
  let count = 0;
  return {
    postgres,
    database: () => postgres.ensureDatabase(`journal_${++count}`, { password: 'for this suite' }),
    stop: async () => {
      await postgres.stop();
      place.remove();
    },
  };
}
