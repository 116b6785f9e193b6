import { Injectable } from '@nestjs/common';
import { LimitReached } from './limit-reached.js';
import { LimitRepository } from '../persistence/limit.repository.js';

const limit = { name: 'pre-flights from one address', max: 60, minutes: 60 } as const;

/** Pre-flights count in no other limit; but whoever asks for one has us knock at an address. Staff have none. */
@Injectable()
export class PreflightLimit {
  constructor(private readonly limits: LimitRepository) {}

  async take(address: string): Promise<void> {
    const { allowed, resetsAt, resetsInSeconds } = await this.limits.take(limit, address);
    if (allowed) return;
    const at = `${resetsAt.toISOString().slice(11, 16)} UTC`;
    throw new LimitReached(
      `This address has asked for ${limit.max} pre-flights within an hour: 0 left, resets at ${at}.`,
      `Check it after ${at}. Submitting does not need a pre-flight.`,
      resetsInSeconds,
    );
  }
}
