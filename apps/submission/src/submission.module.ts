import { Module, type DynamicModule } from '@nestjs/common';
import { AutomationStart } from './automation-start.js';
import { AutomationController } from './automation.controller.js';
import { FillClosedHandler } from './handlers/fill-closed.handler.js';
import { FillScheduler } from './fill-scheduler.js';
import { AppRepository } from './persistence/app.repository.js';
import { FillRepository } from './persistence/fill.repository.js';
import { SUBMISSION_CONFIG, type SubmissionConfig } from './submission.config.js';
import { SubmissionController } from './submission.controller.js';
import { WindowRepository } from './persistence/window.repository.js';
import { WindowsController } from './windows.controller.js';
import { FillScheduleWorker } from './workers/fill-schedule.worker.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';

@Module({
  controllers: [SubmissionController, AutomationController, WindowsController, FillClosedHandler],
  providers: [AppRepository, FillRepository, WindowRepository, FillScheduler, FillScheduleWorker, AutomationStart],
})
export class SubmissionModule {
  static with(config: SubmissionConfig): DynamicModule {
    return {
      module: SubmissionModule,
      providers: [
        { provide: SUBMISSION_CONFIG, useValue: config },
        { provide: EgressPolicy, useValue: new EgressPolicy({ allow: config.egressAllow }) },
      ],
    };
  }
}
