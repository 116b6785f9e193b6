/** Kinds of work of this service. */
export const COMPARISON = 'comparison';
export const COMPARE_SCHEDULE = 'compare-schedule';
export const HELD_BACK = 'held-back';
export const PREFLIGHT = 'preflight';
export const RETENTION = 'retention';
export const EVIDENCE_RETENTION = 'evidence-retention';
