/** Counts how often the same thing was refused in a row, so that what never passes is not waited for for ever. Per process. */
export class Patience {
  private readonly refusals = new Map<string, number>();

  constructor(private readonly refusalsMax: number) {}

  /** Notes one more refusal; false when it was one too many. */
  isLeftFor(what: string): boolean {
    const count = (this.refusals.get(what) ?? 0) + 1;
    this.refusals.set(what, count);
    return count <= this.refusalsMax;
  }

  forget(what: string): void {
    this.refusals.delete(what);
  }
}
