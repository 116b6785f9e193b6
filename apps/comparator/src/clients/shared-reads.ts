import { setTimeout as pause } from 'node:timers/promises';

/** Between two of the same question. */
const everyMs = 25;
const questionsMax = 100;

/**
 * Many looks at once ask the baseline the same question. It is sent at once, or `everyMs` after it was sent last, and whoever asks
 * meanwhile shares the answer: nobody gets one whose question was sent before he asked.
 */
export class SharedReads<Answer> {
  private readonly waiting = new Map<string, Promise<Answer>>();
  private readonly sentAt = new Map<string, number>();

  /** Whoever asks this now shares an answer. */
  isWaiting(question: string): boolean {
    return this.waiting.has(question);
  }

  ask(question: string, send: () => Promise<Answer>): Promise<Answer> {
    const waiting = this.waiting.get(question);
    if (waiting) return waiting;
    const dueInMs = (this.sentAt.get(question) ?? -Infinity) + everyMs - performance.now();
    if (dueInMs <= 0) return this.send(question, send);
    const next = pause(dueInMs).then(() => this.send(question, send));
    this.waiting.set(question, next);
    return next;
  }

  private send(question: string, send: () => Promise<Answer>): Promise<Answer> {
    this.waiting.delete(question);
    if (this.sentAt.size >= questionsMax) this.sentAt.clear();
    this.sentAt.set(question, performance.now());
    return send();
  }
}
