import { Injectable } from '@nestjs/common';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { LedgerApplied, LedgerCommitted, LedgerEvents } from '#libs/contracts/src/operations.js';
import { compareLedgers, type Ledger } from '#libs/messaging/src/ledger-check.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** The ledger of the running system, by asking every service for its half. */
@Injectable()
export class RequestedLedger {
  constructor(private readonly requests: Requests) {}

  read(): Promise<Ledger> {
    return compareLedgers({
      committed: (service, wanted, size) =>
        this.requests.askService(service, LedgerCommitted, { wanted: [...wanted], size }),
      applied: (service, log, size, after) => this.requests.askService(service, LedgerApplied, { log, size, after }),
      events: async (service: ServiceName, { log, from, size, wanted }) =>
        (await this.requests.askService(service, LedgerEvents, { log, from, size, wanted: [...wanted] })).events,
    });
  }
}
