import { Injectable } from '@nestjs/common';
import { GetCompareSchedule } from '#libs/contracts/src/comparator.js';
import type { Timers } from '#libs/contracts/src/gateway.js';
import { Problem } from '#libs/contracts/src/problem.js';
import { GetFillAutomation } from '#libs/contracts/src/submission.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** The timers of both services that have one; a service that does not answer is named, and leaves its timer empty. */
@Injectable()
export class TimersReader {
  constructor(private readonly requests: Requests) {}

  async read(): Promise<{ timers: Timers; missing: string[] }> {
    const options = { deadlineMs: 2_000 };
    const [fill, compare] = await Promise.all([
      absentWhenDown(this.requests.ask(GetFillAutomation, {}, options)),
      absentWhenDown(this.requests.ask(GetCompareSchedule, {}, options)),
    ]);
    const missing = [...(fill ? [] : ['submission']), ...(compare ? [] : ['comparator'])];
    return { timers: { fill, compare }, missing };
  }
}

async function absentWhenDown<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && error.type === 'service-down') return null;
    throw error;
  }
}
