import { Module, type DynamicModule } from '@nestjs/common';
import { Batches } from './batches.js';
import { AppReader } from './clients/app-reader.js';
import { openClients } from './clients/open-clients.js';
import { COMPARATOR_CONFIG, type ComparatorConfig } from './comparator.config.js';
import { ComparatorController } from './comparator.controller.js';
import { ComparisonPlans } from './comparison-plans.js';
import { AppSubmittedHandler } from './handlers/app-submitted.handler.js';
import { AppWithdrawnHandler } from './handlers/app-withdrawn.handler.js';
import { FillClosedHandler } from './handlers/fill-closed.handler.js';
import { FillRequestedHandler } from './handlers/fill-requested.handler.js';
import { TargetFilledHandler } from './handlers/target-filled.handler.js';
import { HeldBackController } from './held-back.controller.js';
import { JudgePool } from './judging/judge-pool.js';
import { LookKeeper } from './look-keeper.js';
import { LookPlans } from './look-plans.js';
import { Looker } from './looker.js';
import { Newcomers } from './newcomers.js';
import { NoisePlans } from './noise-plans.js';
import { OverridesController } from './overrides.controller.js';
import { AppRepository } from './persistence/app.repository.js';
import { CanaryRepository } from './persistence/canary.repository.js';
import { ComparisonRepository } from './persistence/comparison.repository.js';
import { EvidenceRepository } from './persistence/evidence.repository.js';
import { FillRepository } from './persistence/fill.repository.js';
import { HeldBackRepository } from './persistence/held-back.repository.js';
import { LedgerRepository } from './persistence/ledger.repository.js';
import { RuleSetRepository } from './persistence/rule-set.repository.js';
import { NoiseRepository } from './persistence/noise.repository.js';
import { OverrideRepository } from './persistence/override.repository.js';
import { PreflightRepository } from './persistence/preflight.repository.js';
import { ScheduleRepository } from './persistence/schedule.repository.js';
import { SightingRepository } from './persistence/sighting.repository.js';
import { PreflightController } from './preflight.controller.js';
import { PreflightLooker } from './preflight-looker.js';
import { RulePreview } from './rule-preview.js';
import { RulesController } from './rules.controller.js';
import { SuspectRepository } from './persistence/suspect.repository.js';
import { UnknownRepository } from './persistence/unknown.repository.js';
import { ScheduleController } from './schedule.controller.js';
import { SightingsController } from './sightings.controller.js';
import { SuspectsController } from './suspects.controller.js';
import { UnknownController } from './unknown.controller.js';
import { VerdictRecorder } from './verdict-recorder.js';
import { CompareScheduleWorker } from './workers/compare-schedule.worker.js';
import { ComparisonWorker } from './workers/comparison.worker.js';
import { EvidenceRetentionWorker } from './workers/evidence-retention.worker.js';
import { HeldBackWorker } from './workers/held-back.worker.js';
import { PreflightWorker } from './workers/preflight.worker.js';
import { RetentionWorker } from './workers/retention.worker.js';
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
  controllers: [
    ...[ComparatorController, ScheduleController, RulesController, SightingsController, SuspectsController],
    ...[OverridesController, UnknownController, HeldBackController, PreflightController],
    ...handlers,
  ],
  providers: [
    ...[AppRepository, FillRepository, LedgerRepository, SightingRepository, CanaryRepository],
    ...[ComparisonRepository, ScheduleRepository, SuspectRepository, OverrideRepository, UnknownRepository],
    ...[RuleSetRepository, EvidenceRepository, RulePreview, NoiseRepository, NoisePlans, LookPlans, LookKeeper],
    ...[HeldBackRepository, HeldBackWorker],
    ...[PreflightRepository, PreflightLooker, PreflightWorker],
    ...[Batches, Newcomers, ComparisonPlans, Looker, VerdictRecorder],
    ...[ComparisonWorker, CompareScheduleWorker, RetentionWorker, EvidenceRetentionWorker],
  ],
})
export class ComparatorModule {
  static with(config: ComparatorConfig): DynamicModule {
    return {
      module: ComparatorModule,
      providers: [
        { provide: COMPARATOR_CONFIG, useValue: config },
        { provide: EgressPolicy, useValue: new EgressPolicy({ allow: config.egressAllow }) },
        {
          provide: AppReader,
          inject: [Closing],
          useFactory: (closing: Closing) => new AppReader(openClients(config.egressAllow, closing)),
        },
        {
          provide: JudgePool,
          inject: [Closing],
          useFactory: (closing: Closing) => {
            const judges = new JudgePool();
            closing.add(() => judges.close());
            return judges;
          },
        },
      ],
    };
  }
}
