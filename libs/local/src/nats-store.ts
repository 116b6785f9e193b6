import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

export interface TruncatedBlock {
  stream: string;
  bytes: number;
}

/**
 * Cuts up to `bytes` off the end of the newest block file of every stream below `storeDir`, as a machine does that lost
 * power before its disk was told. The server must be down. Answers what was cut; streams without messages are left out.
 */
export function truncateLastBlocks(storeDir: string, bytes: number): TruncatedBlock[] {
  const cut: TruncatedBlock[] = [];
  const accounts = subdirs(join(storeDir, 'jetstream')).map((account) =>
    join(storeDir, 'jetstream', account, 'streams'),
  );
  const streams = accounts.flatMap((dir) => subdirs(dir).map((stream) => ({ dir, stream })));
  for (const { dir, stream } of streams) {
    const messages = join(dir, stream, 'msgs');
    const numbers = readdirSync(messages).map((file) => Number(/^(\d+)\.blk$/.exec(file)?.[1] ?? 0));
    const last = join(messages, `${Math.max(0, ...numbers)}.blk`);
    const size = statSync(last, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) continue;
    truncateSync(last, Math.max(0, size - bytes));
    cut.push({ stream, bytes: Math.min(size, bytes) });
  }
  return cut;
}

/**
 * Removes the streams of every account but these. The server must be down. Nothing is lost with them: a stream is the fast road, and
 * what it holds is made again from the log that it came from.
 */
export function removeOtherAccounts(storeDir: string, accounts: readonly string[]): void {
  const store = join(storeDir, 'jetstream');
  for (const account of subdirs(store))
    if (!accounts.includes(account)) rmSync(join(store, account), { recursive: true, force: true });
}

function subdirs(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
    return [];
  }
}
