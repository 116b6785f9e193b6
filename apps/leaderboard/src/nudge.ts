/** Tells open boards that there is a new revision. May be lost: boards also ask by themselves. */
export type Nudge = (revision: number) => void;

/** Injection token. */
export const NUDGE = Symbol('nudge');
