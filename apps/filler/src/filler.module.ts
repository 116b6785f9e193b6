import { Module, type DynamicModule } from '@nestjs/common';
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
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { Closing } from '#libs/platform/src/closing.js';

function openEgress(policy: EgressPolicy, closing: Closing): EgressClient {
  const client = new EgressClient({ policy });
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
    { provide: BROWSER_DRIVER, useClass: HttpDriver },
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
        { provide: EgressClient, inject: [Closing], useFactory: (closing: Closing) => openEgress(policy, closing) },
      ],
    };
  }
}
