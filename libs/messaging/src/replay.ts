import type { Bus } from './bus.js';
import type { Envelope } from './envelope.js';
import type { LogState } from './log-identity.js';
import { subject } from './subjects.js';
import type { Database } from '#libs/platform/src/database.js';
import { pause } from '#libs/replication/src/lock-keeper.js';
import { head, read, type LogRow } from '#libs/replication/src/numbered-log.js';

/** Rows straight from a producer's log, for a reader that misses some: this is what makes the broker's memory unimportant. */
interface Replay extends LogState {
  readonly rows: readonly LogRow[];
}

/** Bodies of one answer, unless it is a single row: the rest of a message of 1 MB is for what stands around them. */
const bodyBytesMax = 700_000;
const rowsMax = 500;
const askTimeoutMs = 2_000;
/** An instance that hangs may be the one that the broker picks: then another is asked as well. */
const askAgainMs = [0, 300, 900];

/** Every instance of the producer answers; the broker picks one. Returns how to stop. */
export const answerReplays = (service: string, bus: Bus, database: Database): (() => Promise<void>) =>
  bus.listen(
    subject.replay(service),
    async (message) => message.respond(encode(await readReplay(database, Number(message.string())))),
    service,
  );

/** The rows first: what the head then says is true of them too. */
async function readReplay(database: Database, after: number): Promise<Replay> {
  const isPlace = Number.isSafeInteger(after) && after >= 0;
  const rows = isPlace ? await read(database, after, rowsMax, bodyBytesMax) : [];
  const { logId, n, pruned } = await head(database);
  return { rows, logId, head: n, pruned };
}

/** Asks `producer` for what follows `after`; the first answer counts. Throws when it is not there. */
export async function askReplay(
  bus: Bus,
  producer: string,
  after: number,
): Promise<LogState & { readonly events: Envelope[] }> {
  const answered = new AbortController();
  const ask = async (delayMs: number) => {
    await pause(delayMs, answered.signal);
    answered.signal.throwIfAborted();
    return bus.connection.request(subject.replay(producer), String(after), { timeout: askTimeoutMs });
  };
  const reply = await Promise.any(askAgainMs.map(ask)).finally(() => answered.abort());
  const { rows, ...log } = decode(reply.data);
  return { ...log, events: rows.map((row) => ({ ...row, producer, logId: log.logId })) };
}

/** A line of JSON about the rows, then their bodies as they are: inside JSON a body could grow beyond what a message carries. */
export function encode({ rows, ...log }: Replay): Buffer {
  const bodies = rows.map((row) => Buffer.from(row.body));
  const heads = rows.map((row, index) => ({ ...row, body: bodies[index]!.length }));
  return Buffer.concat([Buffer.from(`${JSON.stringify({ log, heads })}\n`), ...bodies]);
}

export function decode(message: Uint8Array): Replay {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  let end = bytes.indexOf('\n') + 1;
  const { log, heads } = JSON.parse(bytes.toString('utf8', 0, end)) as {
    log: LogState;
    heads: (Omit<LogRow, 'body'> & { body: number })[];
  };
  const rows = heads.map((row) => ({ ...row, body: bytes.toString('utf8', end, (end += row.body)) }));
  return { ...log, rows };
}
