/**
 * When is a fill due? Life of the schedule: waiting (a time is set) → due → open (requested, not closed) → waiting.
 * Nobody takes part: nothing is due, and the first app that joins makes it due.
 */
export interface FillSchedule {
  readonly on: boolean;
  readonly intervalSeconds: number;
  /** The time that was promised; kept over restarts. */
  readonly nextFillAt: Date | null;
  readonly lastRequestedAt: Date | null;
  /** Number of the fill that has not been closed, if any. */
  readonly openFill: number | null;
  readonly appsTakingPart: number;
}

export interface ScheduleDecision {
  /** Request a fill now, and why. */
  readonly request: 'start' | 'schedule' | null;
  /**
   * The time to promise next; null while the schedule is off or nobody takes part. While a fill is open, what was promised meanwhile
   * to an app that joined; null when nothing was.
   */
  readonly nextFillAt: Date | null;
}

/** A newcomer's first fill comes this soon, and early fills keep this distance from the last one. */
export const earlyFill = { afterSeconds: 2, distanceSeconds: 20 };

export function decideFill(schedule: FillSchedule, now: Date): ScheduleDecision {
  if (!schedule.on || schedule.appsTakingPart === 0) return { request: null, nextFillAt: null };
  if (schedule.openFill !== null) return { request: null, nextFillAt: schedule.nextFillAt };
  const due = schedule.nextFillAt ?? firstTime(schedule, now);
  if (due > now) return { request: null, nextFillAt: due };
  return { request: schedule.lastRequestedAt === null ? 'start' : 'schedule', nextFillAt: null };
}

/** No time is promised yet: one interval after the last fill, or at once when there was none. */
const firstTime = ({ lastRequestedAt, intervalSeconds }: FillSchedule, now: Date): Date =>
  lastRequestedAt === null ? now : later(lastRequestedAt, intervalSeconds);

/** An app has joined: its first fill need not wait for the whole interval. Never later than promised. */
export function bringForward(schedule: FillSchedule, now: Date): Date {
  const early = later(now, earlyFill.afterSeconds);
  const distant = schedule.lastRequestedAt ? later(schedule.lastRequestedAt, earlyFill.distanceSeconds) : early;
  const soon = early > distant ? early : distant;
  return schedule.nextFillAt && schedule.nextFillAt < soon ? schedule.nextFillAt : soon;
}

const later = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1_000);
