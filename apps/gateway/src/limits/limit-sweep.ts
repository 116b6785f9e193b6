import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LimitRepository } from '../persistence/limit.repository.js';
import { Closing } from '#libs/platform/src/closing.js';

const everyMs = 600_000;

/** Counts of yesterday are of no use to anybody. */
@Injectable()
export class LimitSweep implements OnApplicationBootstrap {
  private readonly logger = new Logger(LimitSweep.name);

  constructor(
    private readonly limits: LimitRepository,
    private readonly closing: Closing,
  ) {}

  onApplicationBootstrap(): void {
    const timer = setInterval(() => {
      this.limits.sweep().catch((error: unknown) => this.logger.warn(`limits not swept: ${String(error)}`));
    }, everyMs);
    this.closing.add(() => clearInterval(timer));
  }
}
