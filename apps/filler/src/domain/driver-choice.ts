import type { FillDriver } from '#libs/contracts/src/shapes.js';
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
