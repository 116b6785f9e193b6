import type { Bus } from './bus.js';
import type { Envelope } from './envelope.js';
import { subject } from './subjects.js';
import type { Database } from '#libs/platform/src/database.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { head, read, type LogRow } from '#libs/replication/src/numbered-log.js';

/** Rows straight from a producer's log, for a reader that misses some: this is what makes the broker's memory unimportant. */
interface ReplayAnswer {
  readonly rows: LogRow[];
  /** Rows up to here are gone: every reader in the catalogue had them. A new reader begins after them. */
  readonly pruned: number;
}

/** Below the broker's 1 MB a message. */
const answerBytesMax = 700_000;
const rowsMax = 500;

/** Every instance of the producer answers; the broker picks one. Returns how to stop. */
export function answerReplays(service: string, bus: Bus, database: Database, logger: Logger): () => Promise<void> {
  const subscription = bus.connection.subscribe(subject.replay(service), {
    queue: service,
    callback: (error, message) => {
      if (error) return logger.warn({ err: error }, 'replay request not received');
      const after = Number(message.string());
      void answer(database, after).then(
        (reply) => message.respond(JSON.stringify(reply)),
        (failure: unknown) => logger.warn({ err: failure, after }, 'replay not answered'),
      );
    },
  });
  return () => subscription.drain();
}

async function answer(database: Database, after: number): Promise<ReplayAnswer> {
  if (!Number.isSafeInteger(after) || after < 0) return { rows: [], pruned: 0 };
  const [rows, { pruned }] = await Promise.all([read(database, after, rowsMax, answerBytesMax), head(database)]);
  return { rows, pruned };
}

/** Asks `producer` for what follows `after`. Throws when it is not there. */
export async function askReplay(
  bus: Bus,
  producer: string,
  after: number,
): Promise<{ events: Envelope[]; pruned: number }> {
  const reply = await bus.connection.request(subject.replay(producer), String(after), { timeout: 5_000 });
  const { rows, pruned } = reply.json<ReplayAnswer>();
  return { events: rows.map((row) => ({ ...row, producer })), pruned };
}
