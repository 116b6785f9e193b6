import { Module, type DynamicModule } from '@nestjs/common';
import { Batches } from './batches.js';
import { AppReader } from './clients/app-reader.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { ComparatorController } from './comparator.controller.js';
import { ComparisonPlans } from './comparison-plans.js';
import { AppSubmittedHandler } from './handlers/app-submitted.handler.js';
import { AppWithdrawnHandler } from './handlers/app-withdrawn.handler.js';
import { FillClosedHandler } from './handlers/fill-closed.handler.js';
import { FillRequestedHandler } from './handlers/fill-requested.handler.js';
import { TargetFilledHandler } from './handlers/target-filled.handler.js';
import { JudgePool } from './judging/judge-pool.js';
import { Looker } from './looker.js';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import { ScheduleRepository } from './persistence/schedule.repository.js';
import { ScheduleController } from './schedule.controller.js';
import { VerdictRecorder } from './verdict-recorder.js';
import { CompareScheduleWorker } from './workers/compare-schedule.worker.js';
import { ComparisonWorker } from './workers/comparison.worker.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Closing } from '#libs/platform/src/closing.js';

const handlers = [
  AppSubmittedHandler,
  AppWithdrawnHandler,
  FillRequestedHandler,
  TargetFilledHandler,
  FillClosedHandler,
];

@Module({
  controllers: [ComparatorController, ScheduleController, ...handlers],
  providers: [
    LedgerRepository,
    ComparisonRepository,
    ScheduleRepository,
    Batches,
    ComparisonPlans,
    Looker,
    AppReader,
    VerdictRecorder,
    ComparisonWorker,
    CompareScheduleWorker,
  ],
})
export class ComparatorModule {
  static with(config: ComparatorConfig): DynamicModule {
    const policy = new EgressPolicy({ allow: config.egressAllow });
    return {
      module: ComparatorModule,
      providers: [
        { provide: COMPARATOR_CONFIG, useValue: config },
        {
          provide: EgressClient,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new EgressClient({ policy }), closing),
        },
        {
          provide: JudgePool,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new JudgePool(), closing),
        },
      ],
    };
  }
}

function closedLater<T extends { close(): void }>(client: T, closing: Closing): T {
  closing.add(() => client.close());
  return client;
}
