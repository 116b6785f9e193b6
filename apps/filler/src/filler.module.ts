import { Module, type DynamicModule } from '@nestjs/common';
import { BrowserDriver } from './clients/browser-driver.js';
import { BrowserPool } from './clients/browser-pool.js';
import { BROWSER_DRIVER, HTTP_DRIVER } from './clients/driver-tokens.js';
import { HttpDriver } from './clients/http-driver.js';
import { MarkerReader } from './clients/marker-reader.js';
import { FILLER_CONFIG, type FillerConfig } from './filler.config.js';
import { FillerController } from './filler.controller.js';
import { FillRequestedHandler } from './handlers/fill-requested.handler.js';
import { PartEnding } from './part-ending.js';
import { PartFiller } from './part-filler.js';
import { PartLog } from './part-log.js';
import { FillRepository } from './persistence/fill.repository.js';
import { WriteRepository } from './persistence/write.repository.js';
import { FillDeadlineWorker } from './workers/fill-deadline.worker.js';
import { BrowserPartWorker, HttpPartWorker } from './workers/part-workers.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressProxy } from '#libs/egress/src/egress-proxy.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Closing } from '#libs/platform/src/closing.js';

/** Closed after the last work of the service. */
function closedLater<T extends { close(): void | Promise<void> }>(client: T, closing: Closing): T {
  closing.add(() => client.close());
  return client;
}

@Module({
  controllers: [FillerController, FillRequestedHandler],
  providers: [
    FillRepository,
    WriteRepository,
    PartLog,
    PartFiller,
    PartEnding,
    BrowserPartWorker,
    HttpPartWorker,
    FillDeadlineWorker,
    MarkerReader,
    { provide: HTTP_DRIVER, useClass: HttpDriver },
    { provide: BROWSER_DRIVER, useClass: BrowserDriver },
  ],
})
export class FillerModule {
  static with(config: FillerConfig): DynamicModule {
    const policy = new EgressPolicy({ allow: config.egressAllow });
    return {
      module: FillerModule,
      providers: [
        { provide: FILLER_CONFIG, useValue: config },
        { provide: EgressPolicy, useValue: policy },
        {
          provide: EgressClient,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new EgressClient({ policy }), closing),
        },
        {
          provide: EgressProxy,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new EgressProxy({ policy }), closing),
        },
        {
          provide: BrowserPool,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new BrowserPool(config.chromiumPath), closing),
        },
      ],
    };
  }
}
