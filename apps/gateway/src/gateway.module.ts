import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FirstAccount } from './accounts/first-account.js';
import { SignIn } from './accounts/sign-in.js';
import { StaffGuard } from './accounts/staff.guard.js';
import { BoardFeed } from './board/board-feed.js';
import { EventStreams } from './board/event-streams.js';
import { TimersReader } from './board/timers-reader.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './gateway.config.js';
import { AccountsController } from './http/accounts.controller.js';
import { AppsController } from './http/apps.controller.js';
import { BoardController } from './http/board.controller.js';
import { ComparisonsController } from './http/comparisons.controller.js';
import { FillsController } from './http/fills.controller.js';
import { OldApiController } from './http/old-api.controller.js';
import { OperationsController } from './http/operations.controller.js';
import { SessionsController } from './http/sessions.controller.js';
import { TracesController } from './http/traces.controller.js';
import { RequestedLedger } from './operations/requested-ledger.js';
import { AccountRepository } from './persistence/account.repository.js';
import { SpanStore } from './traces/span-store.js';

@Module({
  controllers: [
    AccountsController,
    AppsController,
    BoardController,
    ComparisonsController,
    FillsController,
    SessionsController,
    TracesController,
    OperationsController,
    OldApiController,
  ],
  providers: [
    AccountRepository,
    FirstAccount,
    SignIn,
    { provide: APP_GUARD, useClass: StaffGuard },
    BoardFeed,
    EventStreams,
    TimersReader,
    RequestedLedger,
    SpanStore,
  ],
})
export class GatewayModule {
  static with(config: GatewayConfig): DynamicModule {
    return { module: GatewayModule, providers: [{ provide: GATEWAY_CONFIG, useValue: config }] };
  }
}
