import type { ProbePlan } from './plan.js';

export type TimedClass = 'read' | 'write';

const everyMs = (plan: ProbePlan, of: TimedClass): number => (of === 'read' ? plan.readEveryMs : plan.writeEveryMs);
/** Reads go on after the window; writes end with it. */
const endMs = (plan: ProbePlan, of: TimedClass): number => plan.lengthMs + (of === 'read' ? plan.afterMs : 0);

/** How many ticks the timetable of a class has. */
export const ticksOf = (plan: ProbePlan, of: TimedClass): number => Math.ceil(endMs(plan, of) / everyMs(plan, of));

export const dueOf = (plan: ProbePlan, of: TimedClass, n: number): number => n * everyMs(plan, of);

/**
 * The next tick to probe: never one that was probed, and never one that is over, so that who was asleep does not send a burst. That a
 * probe is late or has no answer yet changes nothing: the app cannot slow down those who measure it. Undefined: the timetable has ended.
 */
export function nextTick(plan: ProbePlan, of: TimedClass, last: number, nowMs: number): number | undefined {
  const current = Math.floor(nowMs / everyMs(plan, of));
  const n = Math.max(last + 1, current);
  return n < ticksOf(plan, of) ? n : undefined;
}
