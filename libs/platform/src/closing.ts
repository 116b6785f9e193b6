type Step = () => unknown;

/** Runs all steps in order, also when one fails; then throws what failed. */
export async function everyStep(steps: readonly Step[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  throwAny(failures);
}

/** The same, all at once. */
export async function allAtOnce(steps: readonly Step[]): Promise<void> {
  const results = await Promise.allSettled(steps.map(async (step) => step()));
  throwAny(results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : [])));
}

function throwAny(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, 'several steps failed');
}

/** What a service opened besides database and bus, to be closed after its last work: clients, browsers, child processes. */
export class Closing {
  private readonly steps: Step[] = [];

  add(close: () => void | Promise<void>): void {
    this.steps.push(close);
  }

  /** In the reverse order of opening. */
  run(): Promise<void> {
    return everyStep(this.steps.toReversed());
  }
}
