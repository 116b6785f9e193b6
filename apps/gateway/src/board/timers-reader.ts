import { Injectable, Logger } from '@nestjs/common';
import { GetCompareSchedule } from '#libs/contracts/src/comparator.js';
import type { Timers } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { GetFillAutomation } from '#libs/contracts/src/submission.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** The timers of both services that have one; a service that gives no answer is named, and leaves its timer empty. */
@Injectable()
export class TimersReader {
  private readonly logger = new Logger(TimersReader.name);

  constructor(private readonly requests: Requests) {}

  /** Never throws. */
  async read(): Promise<{ timers: Timers; missing: string[] }> {
    const options = { deadlineMs: 2_000 };
    const [fill, compare] = await Promise.all([
      this.orNothing(this.requests.ask(GetFillAutomation, {}, options)),
      this.orNothing(this.requests.ask(GetCompareSchedule, {}, options)),
    ]);
    const missing = [...(fill ? [] : ['submission']), ...(compare ? [] : ['comparator'])];
    return { timers: { fill, compare }, missing };
  }

  private async orNothing<T>(answer: Promise<T>): Promise<T | null> {
    try {
      return await answer;
    } catch (error) {
      const isDown = error instanceof Problem && error.type === 'service-down';
      this.logger[isDown ? 'debug' : 'warn'](`a timer cannot be read: ${String(error)}`);
      return null;
    }
  }
}
