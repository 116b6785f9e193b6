import { CommanderError } from 'commander';
import { ApiProblem } from './api.js';
import { exitCode, UsageError } from './exit-code.js';
import { NotRunning } from './installation.js';
import { CannotTakeBack } from './taking-back.js';
import { problemText } from './terminal.js';
import { SettingsError } from '#libs/platform/src/settings.js';

export interface Report {
  readonly code: number;
  /** Undefined where commander has told it already. */
  readonly text: string | undefined;
}

/** How an error leaves: what people read, and the exit code. */
export function reportOf(error: unknown, debug = Boolean(process.env['LOCKSTEP_DEBUG'])): Report {
  if (error instanceof CommanderError)
    return { code: error.exitCode === 0 ? exitCode.done : exitCode.usage, text: undefined };
  if (error instanceof UsageError) return { code: exitCode.usage, text: error.message };
  if (error instanceof ApiProblem) return { code: exitCode.unknown, text: problemText(error.document) };
  return { code: exitCode.unknown, text: explain(error, debug) };
}

/** Sentences that our own parts throw are for people; anything else is a defect, and its stack helps whoever mends it. */
function explain(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  const isForPeople =
    error instanceof NotRunning ||
    error instanceof SettingsError ||
    error instanceof CannotTakeBack ||
    error.name === 'Error';
  return isForPeople && !debug ? error.message : (error.stack ?? error.message);
}
