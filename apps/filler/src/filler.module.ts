import { Module, type DynamicModule } from '@nestjs/common';
import { BrowserDriver } from './clients/browser-driver.js';
import { browsingStarter } from './clients/browsing-process.js';
import { BROWSER_DRIVER, HTTP_DRIVER } from './clients/driver-tokens.js';
import { HttpDriver } from './clients/http-driver.js';
import { MarkerReader } from './clients/marker-reader.js';
import { PROBE_CLIENT, probeClient } from './clients/probe-client.js';
import { Prober } from './clients/prober.js';
import { PlaceFinder } from './clients/place-finder.js';
import { WriteSender } from './clients/write-sender.js';
import { FILLER_CONFIG, type FillerConfig } from './filler.config.js';
import { FillerController } from './filler.controller.js';
import { AppSubmittedHandler } from './handlers/app-submitted.handler.js';
import { AppWithdrawnHandler } from './handlers/app-withdrawn.handler.js';
import { ProbeWindowDeclaredHandler } from './handlers/probe-window-declared.handler.js';
import { FillRequestedHandler } from './handlers/fill-requested.handler.js';
import { PartEnding } from './part-ending.js';
import { PartFiller } from './part-filler.js';
import { PartLog } from './part-log.js';
import { PartVisit } from './part-visit.js';
import { FillRepository } from './persistence/fill.repository.js';
import { PlaceRepository } from './persistence/place.repository.js';
import { TrialWriteRepository } from './persistence/trial-write.repository.js';
import { WindowRepository } from './persistence/window.repository.js';
import { WriteRepository } from './persistence/write.repository.js';
import { TrialWritesController } from './trial-writes.controller.js';
import { UnseenResolver } from './unseen-resolver.js';
import { ProbeWindowWorker } from './workers/probe-window.worker.js';
import { WindowClosing } from './window-closing.js';
import { WindowsController } from './windows.controller.js';
import { FillDeadlineWorker } from './workers/fill-deadline.worker.js';
import { FillPlacesWorker } from './workers/fill-places.worker.js';
import { BrowserPartWorker, HttpPartWorker } from './workers/part-workers.js';
import { TrialWriteWorker } from './workers/trial-write.worker.js';
import { EgressClient } from '#libs/egress/src/egress-client.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { NameResolver } from '#libs/egress/src/resolver.js';
import { Closing } from '#libs/platform/src/closing.js';

/** Closed after the last work of the service. */
function closedLater<T extends { close(): void | Promise<void> }>(client: T, closing: Closing): T {
  closing.add(() => client.close());
  return client;
}

@Module({
  controllers: [
    FillerController,
    WindowsController,
    TrialWritesController,
    AppSubmittedHandler,
    FillRequestedHandler,
    AppWithdrawnHandler,
    ProbeWindowDeclaredHandler,
  ],
  providers: [
    FillRepository,
    PlaceRepository,
    WriteRepository,
    PartLog,
    PartFiller,
    PartVisit,
    PartEnding,
    UnseenResolver,
    FillPlacesWorker,
    BrowserPartWorker,
    HttpPartWorker,
    FillDeadlineWorker,
    MarkerReader,
    WriteSender,
    Prober,
    WindowRepository,
    WindowClosing,
    ProbeWindowWorker,
    TrialWriteRepository,
    TrialWriteWorker,
    { provide: HTTP_DRIVER, useClass: HttpDriver },
  ],
})
export class FillerModule {
  static with(config: FillerConfig): DynamicModule {
    const { egressAllow: allow, chromiumPath } = config;
    const policy = new EgressPolicy({ allow });
    const resolver = new NameResolver();
    return {
      module: FillerModule,
      providers: [
        { provide: FILLER_CONFIG, useValue: config },
        { provide: EgressPolicy, useValue: policy },
        { provide: PlaceFinder, useValue: new PlaceFinder(policy, resolver) },
        {
          provide: EgressClient,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(new EgressClient({ policy, resolver }), closing),
        },
        {
          provide: PROBE_CLIENT,
          inject: [Closing],
          useFactory: (closing: Closing) => closedLater(probeClient(policy, resolver), closing),
        },
        {
          provide: BROWSER_DRIVER,
          inject: [WriteSender, Closing],
          useFactory: (sender: WriteSender, closing: Closing) =>
            closedLater(new BrowserDriver(browsingStarter({ allow }, chromiumPath), sender), closing),
        },
      ],
    };
  }
}
