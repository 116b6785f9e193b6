/** What a service opened besides database and bus, to be closed after its last work: clients, browsers, child processes. */
export class Closing {
  private readonly steps: (() => void | Promise<void>)[] = [];

  add(close: () => void | Promise<void>): void {
    this.steps.push(close);
  }

  /** In the reverse order of opening. */
  async run(): Promise<void> {
    for (const close of this.steps.toReversed()) await close();
  }
}
