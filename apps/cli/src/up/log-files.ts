import { mkdirSync } from 'node:fs';
import { copyFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const bytesMax = 20 * 1024 * 1024;
const lookEveryMs = 10_000;

/**
 * The logs of a lab. One that has grown large is copied aside, once, and cut: whoever writes it goes on at its new end, in whatever
 * process that is. Lines that come between the two are lost; what is kept stays below twice the size.
 */
export class LogFiles {
  private readonly directory: string;
  private readonly files = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private looking = Promise.resolve();

  constructor(
    dataDir: string,
    private readonly told: (line: string) => void,
    private readonly sizeMax = bytesMax,
  ) {
    this.directory = join(dataDir, 'log');
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
  }

  /** The file for the log of `name`, appended to. */
  fileOf(name: string): string {
    const file = join(this.directory, `${name}.log`);
    this.files.add(file);
    return file;
  }

  start(): void {
    const look = () => {
      this.looking = this.cutLarge();
    };
    this.timer = setInterval(look, lookEveryMs).unref();
    look();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  async cutLarge(): Promise<void> {
    for (const file of this.files) {
      try {
        if ((await sizeOf(file)) <= this.sizeMax) continue;
        await copyFile(file, `${file}.1`);
        await truncate(file);
      } catch (error) {
        this.told(`${file} has grown large and could not be cut: ${(error as Error).message}`);
      }
    }
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0; // nothing was said yet
    throw error;
  }
}
