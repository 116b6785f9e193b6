import { windowsAtOnceMax } from '#libs/contracts/src/windows.js';

/** A window that has been declared and may still be probed. */
export interface OpenWindow {
  readonly appId: string;
  readonly endsAt: Date;
}

/** After its end the filler looks for the window's writes, and may have begun late. */
const graceMs = 20_000;

export const endOf = (declaredAt: Date, seconds: number): Date =>
  new Date(declaredAt.getTime() + seconds * 1_000 + graceMs);

export type WindowRefusal = {
  readonly problem: 'conflict' | 'limit-reached';
  readonly detail: string;
  readonly next: string;
};

/** Why this app cannot have a window now; undefined when it can. */
export function refuseWindow(appId: string, open: readonly OpenWindow[], now: Date): WindowRefusal | undefined {
  const secondsTo = (end: Date) => Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1_000));
  const own = open.find((window) => window.appId === appId);
  if (own)
    return {
      problem: 'conflict',
      detail: 'This app has an open window already.',
      next: `It is over in ${secondsTo(own.endsAt)} s at the latest.`,
    };
  if (open.length < windowsAtOnceMax) return undefined;
  const first = open.reduce((soonest, one) => (one.endsAt < soonest.endsAt ? one : soonest));
  return {
    problem: 'limit-reached',
    detail: `${open.length} windows are open, and more are not watched at once.`,
    next: `Try again in ${secondsTo(first.endsAt)} s.`,
  };
}
