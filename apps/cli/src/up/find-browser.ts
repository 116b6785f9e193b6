import { unpackChromium } from '#libs/local/src/chromium.js';
import type { Progress } from '#libs/local/src/progress.js';
import type { ServiceEnv } from '#libs/local/src/service-plan.js';

type Find = (onProgress: Progress) => Promise<{ executable: string }>;

/**
 * What services are told of the driver of fills and its browser. Only FILL_DRIVER=browser needs one: without one it stops the start;
 * `auto` says so and goes on over HTTP; `http` does not look for one.
 */
export async function findBrowser(
  driver: string,
  progress: Progress,
  find: Find = unpackChromium,
): Promise<ServiceEnv> {
  if (driver === 'http') return { FILL_DRIVER: driver };
  try {
    return { FILL_DRIVER: driver, CHROMIUM_PATH: (await find(progress)).executable };
  } catch (error) {
    const { message } = error as Error;
    if (driver === 'browser') throw new Error(`${message} Or fill without one: FILL_DRIVER=http`, { cause: error });
    progress.done(`${message} Until then fills go over HTTP.`);
    return { FILL_DRIVER: 'http' };
  }
}
