import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { FirstAccount } from './accounts/first-account.js';
import { SignIn } from './accounts/sign-in.js';
import { FreezeGuard } from './accounts/freeze.guard.js';
import { StaffGuard } from './accounts/staff.guard.js';
import { BoardFeed } from './board/board-feed.js';
import { BoardPreviews } from './board/board-previews.js';
import { BoardPulse } from './board/board-pulse.js';
import { Boards } from './board/boards.js';
import { EventStreams } from './board/event-streams.js';
import { FrozenBoard } from './board/frozen-board.js';
import { KnownComparisons } from './board/known-comparisons.js';
import { PastBoard } from './board/past-board.js';
import { TimersReader } from './board/timers-reader.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './gateway.config.js';
import { AccountsController } from './http/accounts.controller.js';
import { ApiController } from './http/api.controller.js';
import { ApiRoutes } from './http/api-routes.js';
import { AppLedgerController } from './http/app-ledger.controller.js';
import { AppLedgers } from './http/app-ledgers.js';
import { AppsController } from './http/apps.controller.js';
import { BoardController } from './http/board.controller.js';
import { BoardFilesController } from './http/board-files.controller.js';
import { BoardPreviewController } from './http/board-preview.controller.js';
import { ComparisonsController } from './http/comparisons.controller.js';
import { FillsController } from './http/fills.controller.js';
import { FreezeController } from './http/freeze.controller.js';
import { HeldBackController } from './http/held-back.controller.js';
import { LabsController } from './http/labs.controller.js';
import { LimitsController } from './http/limits.controller.js';
import { OldApiController } from './http/old-api.controller.js';
import { OperationsController } from './http/operations.controller.js';
import { PreflightsController } from './http/preflights.controller.js';
import { RulesController } from './http/rules.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { TracesController } from './http/traces.controller.js';
import { WindowsController } from './http/windows.controller.js';
import { LimitSweep } from './limits/limit-sweep.js';
import { NewAppLimit } from './limits/new-app-limit.js';
import { PreflightLimit } from './limits/preflight-limit.js';
import { RetryAfter } from './limits/retry-after.js';
import { ListedApps } from './listed-apps.js';
import { RequestedLedger } from './operations/requested-ledger.js';
import { AccountRepository } from './persistence/account.repository.js';
import { FreezeRepository } from './persistence/freeze.repository.js';
import { LimitRepository } from './persistence/limit.repository.js';
import { SpanRepository } from './persistence/span.repository.js';
import { Preflights } from './preflights/preflights.js';
import { SpanStore } from './traces/span-store.js';
import { TraceSearch } from './traces/trace-search.js';

@Module({
  controllers: [
    ApiController,
    AccountsController,
    AppsController,
    AppLedgerController,
    BoardController,
    BoardFilesController,
    BoardPreviewController,
    FreezeController,
    ComparisonsController,
    HeldBackController,
    FillsController,
    RulesController,
    SessionsController,
    TracesController,
    WindowsController,
    OperationsController,
    LabsController,
    LimitsController,
    PreflightsController,
    OldApiController,
  ],
  providers: [
    AccountRepository,
    FirstAccount,
    SignIn,
    { provide: APP_GUARD, useClass: StaffGuard },
    { provide: APP_GUARD, useClass: FreezeGuard },
    { provide: APP_INTERCEPTOR, useClass: RetryAfter },
    ApiRoutes,
    LimitRepository,
    LimitSweep,
    NewAppLimit,
    PreflightLimit,
    Preflights,
    AppLedgers,
    BoardFeed,
    BoardPreviews,
    BoardPulse,
    Boards,
    FreezeRepository,
    FrozenBoard,
    PastBoard,
    KnownComparisons,
    ListedApps,
    EventStreams,
    TimersReader,
    RequestedLedger,
    SpanRepository,
    SpanStore,
    TraceSearch,
  ],
})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return { module: GatewayModule, providers: [{ provide: GATEWAY_CONFIG, useValue: config }] };
  }
}
