import { setTimeout as sleep } from 'node:timers/promises';
import { databaseTrouble } from './database-trouble.js';
import type { Logger } from './logger.js';

const waitMsMax = 30_000;
const pauseMs = 500;

/** Connects to what may be starting as well: tried again for 30 s while nobody answers there. Other errors are thrown at once. */
export async function patiently<T>(what: string, logger: Logger, connect: () => Promise<T>): Promise<T> {
  for (const end = performance.now() + waitMsMax; ;) {
    try {
      return await connect();
    } catch (error) {
      if (!isNotThere(error) || performance.now() > end) throw error;
      logger.info(`waiting for ${what}`);
      await sleep(pauseMs);
    }
  }
}

const isNotThere = (error: unknown): boolean =>
  databaseTrouble(error) === 'away' || /connection refused|ECONNREFUSED/i.test(String(error));
