/** A safeguard, how to take it out, and the test that must then fail. */
export interface Guard {
  /** What it guarantees, as the end of "without it …" would deny. */
  readonly guarantee: string;
  readonly file: string;
  /** Stands in the file exactly once: `guard-list.spec.ts` holds that. */
  readonly line: string;
  readonly instead: string;
  readonly test: GuardTest;
}

export interface GuardTest {
  readonly project: 'unit' | 'int' | 'e2e';
  readonly file: string;
  /** A part of the name of a test, that of its `describe` before it. */
  readonly name: string;
}

export const unit = (file: string, name: string): GuardTest => ({ project: 'unit', file, name });
export const int = (file: string, name: string): GuardTest => ({ project: 'int', file, name });
export const e2e = (file: string, name: string): GuardTest => ({ project: 'e2e', file, name });
