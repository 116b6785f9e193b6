import type { ProbePlan } from './plan.js';

/**
 * What is written down of a window, in the order in which it happened. All times are whole ms from the window's begin.
 *   window   who, where, when, and by which plan; the first record
 *   begun    probing began, or began again after our own process had ended: what lies before it was not seen
 *   sample   one probe as it went
 *   look     which of the acknowledged writes the app showed, after the window
 */
export type ProbeRecord = WindowRecord | BegunRecord | Sample | LookRecord;

export interface WindowRecord {
  readonly kind: 'window';
  readonly windowId: string;
  readonly appId: string;
  readonly appName: string;
  readonly url: string;
  readonly declaredBy: string;
  readonly opensAt: string;
  readonly plan: ProbePlan;
}

export interface BegunRecord {
  readonly kind: 'begun';
  readonly atMs: number;
}

export const probeClasses = ['read', 'write', 'read-your-write'] as const;
export type ProbeClass = (typeof probeClasses)[number];

/**
 *   ok       a read was answered with 200; a write was acknowledged; a write was shown by the first read after its acknowledgement
 *   refused  the app said that it did not take the write, or could not be reached
 *   unknown  a write left, and nothing says what became of it
 *   failed   a read was answered otherwise, or not in time
 *   stale    the first read after an acknowledged write did not show it
 *   ours     our side could not ask: says nothing about the app
 */
export type ProbeOutcome = 'ok' | 'refused' | 'unknown' | 'failed' | 'stale' | 'ours';

export interface Sample {
  readonly kind: 'sample';
  readonly of: ProbeClass;
  /** Its place in the timetable of its class; a read-your-write has the number of its write. */
  readonly n: number;
  /** When it was to start, when it did, and when its outcome was known. */
  readonly dueMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: ProbeOutcome;
  /** HTTP status of the answer, else a code of egress that says what went wrong. */
  readonly status: number | null;
  readonly code: string | null;
  /** Of writes and of reads that look for one. */
  readonly marker: string | null;
}

export interface LookRecord {
  readonly kind: 'look';
  readonly atMs: number;
  /** False: the app did not show its list, or we could not ask. */
  readonly answered: boolean;
  /** Rows that the list showed: as many as it can hold, and older ones may be behind it. */
  readonly rows: number;
  /** Markers of this window's writes that it showed. */
  readonly shown: readonly string[];
}

/** Whether a probe says that the app did not do what it was asked. */
export const isFailure = ({ outcome }: Sample): boolean => outcome !== 'ok' && outcome !== 'ours';

export const samplesOf = (records: readonly ProbeRecord[], of: ProbeClass): Sample[] =>
  records.filter((record) => record.kind === 'sample' && record.of === of) as Sample[];
