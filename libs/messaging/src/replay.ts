import type { Bus } from './bus.js';
import type { Envelope } from './envelope.js';
import { subject } from './subjects.js';
import type { Database } from '#libs/platform/src/database.js';
import { head, read, type LogRow } from '#libs/replication/src/numbered-log.js';

/** Rows straight from a producer's log, for a reader that misses some: this is what makes the broker's memory unimportant. */
interface Replay {
  readonly rows: readonly LogRow[];
  /** Rows up to here are gone: every reader in the catalogue had them. A new reader begins after them. */
  readonly pruned: number;
}

/** Bodies of one answer, unless it is a single row: the rest of a message of 1 MB is for what stands around them. */
const bodyBytesMax = 700_000;
const rowsMax = 500;
const askTimeoutMs = 2_000;

/** Every instance of the producer answers; the broker picks one. Returns how to stop. */
export const answerReplays = (service: string, bus: Bus, database: Database): (() => Promise<void>) =>
  bus.listen(
    subject.replay(service),
    async (message) => message.respond(encode(await readReplay(database, Number(message.string())))),
    service,
  );

async function readReplay(database: Database, after: number): Promise<Replay> {
  if (!Number.isSafeInteger(after) || after < 0) return { rows: [], pruned: 0 };
  const [rows, { pruned }] = await Promise.all([read(database, after, rowsMax, bodyBytesMax), head(database)]);
  return { rows, pruned };
}

/** Asks `producer` for what follows `after`. Throws when it is not there. */
export async function askReplay(
  bus: Bus,
  producer: string,
  after: number,
): Promise<{ events: Envelope[]; pruned: number }> {
  const reply = await bus.connection.request(subject.replay(producer), String(after), { timeout: askTimeoutMs });
  const { rows, pruned } = decode(reply.data);
  return { events: rows.map((row) => ({ ...row, producer })), pruned };
}

/** A line of JSON about the rows, then their bodies as they are: inside JSON a body could grow beyond what a message carries. */
export function encode({ rows, pruned }: Replay): Buffer {
  const bodies = rows.map((row) => Buffer.from(row.body));
  const heads = rows.map((row, index) => ({ ...row, body: bodies[index]!.length }));
  return Buffer.concat([Buffer.from(`${JSON.stringify({ pruned, heads })}\n`), ...bodies]);
}

export function decode(message: Uint8Array): Replay {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  let end = bytes.indexOf('\n') + 1;
  const { pruned, heads } = JSON.parse(bytes.toString('utf8', 0, end)) as Pick<Replay, 'pruned'> & {
    heads: (Omit<LogRow, 'body'> & { body: number })[];
  };
  const rows = heads.map((row) => ({ ...row, body: bytes.toString('utf8', end, (end += row.body)) }));
  return { rows, pruned };
}
