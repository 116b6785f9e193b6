import { readdirSync, statSync, truncateSync } from 'node:fs';
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
  for (const stream of subdirs(join(storeDir, 'jetstream', '$G', 'streams'))) {
    const messages = join(storeDir, 'jetstream', '$G', 'streams', stream, 'msgs');
    const numbers = readdirSync(messages).map((file) => Number(/^(\d+)\.blk$/.exec(file)?.[1] ?? 0));
    const last = join(messages, `${Math.max(0, ...numbers)}.blk`);
    const size = statSync(last, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) continue;
    truncateSync(last, Math.max(0, size - bytes));
    cut.push({ stream, bytes: Math.min(size, bytes) });
  }
  return cut;
}

function subdirs(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
    return [];
  }
}
