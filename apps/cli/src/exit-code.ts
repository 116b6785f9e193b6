/** Exit codes of every command. */
export const exitCode = { done: 0, outOfSync: 1, failed: 1, unknown: 2, usage: 64 } as const;

/** The command line asks for something that does not exist: said in one line, with what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
