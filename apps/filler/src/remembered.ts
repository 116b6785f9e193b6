/**
 * Answers that cost much and are asked for by a whole hall at once: made once, and given again for a moment. Probing goes on in this
 * process, and must not be late because people look on.
 */
export class Remembered<Answer> {
  private readonly answers = new Map<string, { readonly untilMs: number; readonly answer: Promise<Answer> }>();

  constructor(
    private readonly forMs: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  get(key: string, make: () => Promise<Answer>): Promise<Answer> {
    const now = this.nowMs();
    for (const [other, { untilMs }] of this.answers) if (untilMs <= now) this.answers.delete(other);
    const known = this.answers.get(key);
    if (known) return known.answer;
    const answer = make();
    this.answers.set(key, { untilMs: now + this.forMs, answer });
    // What failed is asked for again.
    answer.catch(() => this.answers.delete(key));
    return answer;
  }
}
