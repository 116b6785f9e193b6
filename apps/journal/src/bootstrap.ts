import { openDatabase } from './persistence/database.js';
import { JournalStore } from './persistence/journal.store.js';
import { migrate } from './persistence/migrate.js';
import { createServer } from './server.js';

export interface JournalConfig {
  databaseUrl: string;
  /** 0 takes a free port. */
  port: number;
  /** Where to listen; only this machine when not given. */
  host?: string;
  /** The name on the page, so that a baseline and an app can be told apart. */
  title?: string;
  /** Connections to Postgres. */
  poolMax?: number;
  /** JSON lines on standard output from this level on. */
  logLevel?: 'silent' | 'warn' | 'info';
}
export interface Journal {
  url: string;
  port: number;
  /** Answers what is under way, then closes the door and the connections. May be called again. */
  close(): Promise<void>;
}

/** Starts one journal: brings its tables up to date, then listens. Nothing is shared between two of them in one process. */
export async function bootstrap(config: JournalConfig): Promise<Journal> {
  const { databaseUrl, host = '127.0.0.1', title = 'Gratitude Journal', poolMax = 10, logLevel = 'warn' } = config;
  await migrate(databaseUrl).catch((cause: Error) => {
    throw new Error(
      `The journal cannot prepare its database: ${cause.message}. Check DATABASE_URL and that Postgres runs.`,
      {
        cause,
      },
    );
  });
  const database = openDatabase({
    databaseUrl,
    poolMax,
    onLost: (error) => server.log.warn({ reason: error.message }, 'an idle database connection was lost'),
  });
  const server = await createServer({ store: new JournalStore(database), title, logLevel });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= server.close().then(() => database.close()));
  try {
    const url = await server.listen({ port: config.port, host });
    const { port } = server.server.address() as { port: number };
    return { url: url.replace('0.0.0.0', '127.0.0.1'), port, close };
  } catch (error) {
    await close();
    throw error;
  }
}
