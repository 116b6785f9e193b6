/** Exit codes of every command. */
export const exitCode = { done: 0, outOfSync: 1, failed: 1, unknown: 2, usage: 64 } as const;
