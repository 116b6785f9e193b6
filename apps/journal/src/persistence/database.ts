import pg from 'pg';

export interface DatabaseOptions {
  databaseUrl: string;
  poolMax: number;
  /** Told about connections that broke while idle; the pool opens new ones by itself. */
  onLost(error: Error): void;
}
export interface Database {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  close(): Promise<void>;
}

/** Postgres cannot be asked now. `reached` says whether the statement may have been carried out all the same. */
export class DatabaseUnavailable extends Error {
  constructor(
    readonly reached: boolean,
    cause: unknown,
  ) {
    super('the database does not answer', { cause });
  }
}

const waitingMax = 500;
const connectMs = 2_000;
const statementMs = 5_000;
/** Cancelled by our time limit, no room, starting up, read-only: the server says that it changed nothing. */
const unchanged = /^(57014|53...|57P03|25006)$/;
/** Shut down in the middle, crashed, connection failure: it may or may not have been carried out. */
const unsure = /^(57P..|08...)$/;

/** A pool that outlives restarts of Postgres: a broken connection is thrown away and only its own request sees it. */
export function openDatabase({ databaseUrl, poolMax, onLost }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolMax,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1_000,
    application_name: 'journal',
  });
  pool.on('error', (error) => pool.ending || onLost(error));
  return {
    async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      if (pool.waitingCount >= waitingMax)
        throw new DatabaseUnavailable(false, new Error(`${waitingMax} requests wait already`));
      const client = await pool.connect().catch((cause: unknown) => {
        throw new DatabaseUnavailable(false, cause);
      });
      return ask<Row>(client, text, values);
    },
    close: () => pool.end(),
  };
}

async function ask<Row extends pg.QueryResultRow>(client: pg.PoolClient, text: string, values?: unknown[]) {
  const lost = () => undefined; // the query below rejects with the same error; without a listener it would end the process
  client.on('error', lost);
  let failure: Error | undefined;
  try {
    return await client.query<Row>(text, values);
  } catch (error) {
    failure = error as Error;
    if (!(error instanceof pg.DatabaseError)) throw new DatabaseUnavailable(true, error);
    if (unchanged.test(error.code ?? '')) throw new DatabaseUnavailable(false, error);
    if (unsure.test(error.code ?? '')) throw new DatabaseUnavailable(true, error);
    throw error;
  } finally {
    client.off('error', lost);
    client.release(failure instanceof pg.DatabaseError && failure.severity !== 'FATAL' ? undefined : failure);
  }
}
