import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { FillScheduler } from './fill-scheduler.js';
import type { Automation } from './persistence/entities.js';
import { FillRepository } from './persistence/fill.repository.js';
import { SUBMISSION_CONFIG, type SubmissionConfig } from './submission.config.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import { Database } from '#libs/platform/src/database.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** At start: the settings row exists, follows the environment where staff have not spoken, and the timer runs. */
@Injectable()
export class AutomationStart implements OnApplicationBootstrap {
  private readonly logger = new Logger(AutomationStart.name);

  constructor(
    @Inject(SUBMISSION_CONFIG) private readonly config: SubmissionConfig,
    private readonly database: Database,
    private readonly fills: FillRepository,
    private readonly scheduler: FillScheduler,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('automation'))`);
      const automation = await this.fills.findAutomation(tx);
      if (automation) this.followEnvironment(automation);
      else this.create(tx);
      await tx.flush();
      await this.scheduler.lookSoon(tx);
    });
  }

  private create(tx: Tx): void {
    const { baselineUrl, shadowUrl, fillIntervalSeconds, fillIterations, fillMode } = this.config;
    this.fills.createAutomation(tx, {
      isOn: true,
      intervalSeconds: fillIntervalSeconds,
      intervalSetBy: 'environment',
      iterations: fillIterations,
      mode: fillMode,
      baselineId: uuidv7(),
      baselineUrl,
      baselineSetBy: 'environment',
      shadowId: shadowUrl === null ? null : uuidv7(),
      shadowUrl,
      nextFillAt: null,
    });
  }

  private followEnvironment(automation: Automation): void {
    const { baselineUrl, shadowUrl, fillIntervalSeconds, fillIterations, fillMode } = this.config;
    Object.assign(automation, { iterations: fillIterations, mode: fillMode });
    if (automation.intervalSetBy === 'environment') automation.intervalSeconds = fillIntervalSeconds;
    else if (automation.intervalSeconds !== fillIntervalSeconds)
      this.tell('FILL_INTERVAL_SECONDS', automation.intervalSeconds);
    if (automation.baselineSetBy === 'environment') {
      if (automation.baselineUrl !== baselineUrl) Object.assign(automation, { baselineId: uuidv7(), baselineUrl });
    } else if (automation.baselineUrl !== baselineUrl) this.tell('BASELINE_URL', automation.baselineUrl);
    if ((automation.shadowUrl ?? null) !== shadowUrl)
      Object.assign(automation, { shadowId: shadowUrl === null ? null : uuidv7(), shadowUrl });
  }

  private tell(variable: string, used: string | number): void {
    this.logger.warn(`${variable} is not used: staff have set ${used}`);
  }
}
