import { Module } from '@nestjs/common';
import { AppSubmittedHandler } from './handlers/app-submitted.handler.js';
import { AppWithdrawnHandler } from './handlers/app-withdrawn.handler.js';
import { ComparisonFailedHandler } from './handlers/comparison-failed.handler.js';
import { FillClosedHandler } from './handlers/fill-closed.handler.js';
import { FillRequestedHandler } from './handlers/fill-requested.handler.js';
import { ParityComputedHandler } from './handlers/parity-computed.handler.js';
import { ProbeWindowClosedHandler } from './handlers/probe-window-closed.handler.js';
import { TargetFilledHandler } from './handlers/target-filled.handler.js';
import { VerdictOverriddenHandler } from './handlers/verdict-overridden.handler.js';
import { FreezeController } from './freeze.controller.js';
import { LeaderboardController } from './leaderboard.controller.js';
import { NUDGE, type Nudge } from './nudge.js';
import { BoardRepository } from './persistence/board.repository.js';
import { FillProgressRepository } from './persistence/fill-progress.repository.js';
import { FreezeRepository } from './persistence/freeze.repository.js';
import { HistoryRepository } from './persistence/history.repository.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { subject } from '#libs/messaging/src/subjects.js';

const handlers = [
  AppSubmittedHandler,
  AppWithdrawnHandler,
  FillRequestedHandler,
  ProbeWindowClosedHandler,
  TargetFilledHandler,
  FillClosedHandler,
  ParityComputedHandler,
  ComparisonFailedHandler,
  VerdictOverriddenHandler,
];

const nudge = {
  provide: NUDGE,
  inject: [Bus],
  useFactory:
    (bus: Bus): Nudge =>
    (revision) => {
      if (bus.connected) bus.connection.publish(subject.boardChanged, String(revision));
    },
};

@Module({
  controllers: [LeaderboardController, FreezeController, ...handlers],
  providers: [BoardRepository, HistoryRepository, FillProgressRepository, FreezeRepository, nudge],
})
export class LeaderboardModule {}
