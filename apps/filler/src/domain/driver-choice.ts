import type { FillDriver, TargetRole } from '#libs/contracts/src/shapes.js';
import type { FillTarget } from '#libs/contracts/src/submission.js';

export type DriverSetting = 'browser' | 'http' | 'auto';

/** Parts that one fill may send through the browser when the choice is ours: about a minute's worth on two cores. */
export const browserPartsMax = 24;

/**
 * Which driver fills which target. Baselines always go through the browser. `auto`: apps too, as long as the browser can keep up;
 * with more apps than that each fill takes another window of them, so that every app meets the browser in turn.
 */
export function chooseDrivers(
  setting: DriverSetting,
  targets: readonly FillTarget[],
  fillNumber: number,
): Map<string, FillDriver> {
  const apps = targets.filter((target) => target.role === 'app');
  const start = apps.length > 0 ? (fillNumber * browserPartsMax) % apps.length : 0;
  const inWindow = (index: number) =>
    apps.length <= browserPartsMax || (index - start + apps.length) % apps.length < browserPartsMax;
  const driverOf = (target: FillTarget): FillDriver => {
    if (target.role !== 'app') return 'browser';
    if (setting !== 'auto') return setting;
    return inWindow(apps.indexOf(target)) ? 'browser' : 'http';
  };
  return new Map(targets.map((target) => [target.targetId, driverOf(target)]));
}

/** Whether a part that was meant for the browser may go over HTTP when the browser cannot do it. A baseline never does. */
export const mayFallBack = (setting: DriverSetting, role: TargetRole): boolean => role === 'app' && setting === 'auto';

/** One attempt through the browser is enough to learn that it cannot do it; the next goes over HTTP where that is allowed. */
export const driverOfAttempt = (planned: FillDriver, fallBack: boolean, attempt: number): FillDriver =>
  planned === 'browser' && fallBack && attempt > 1 ? 'http' : planned;
