import { Injectable } from '@nestjs/common';
import { LedgerApplied, LedgerCommitted, LedgerEvents } from '#libs/contracts/src/operations.js';
import { compareLedgers, type Ledger } from '#libs/messaging/src/ledger-check.js';
import { Requests } from '#libs/messaging/src/requests.js';

/** Digests of millions of rows take a while. */
const patient = { deadlineMs: 20_000 };

/** The ledger of the running system, by asking every service for its half. */
@Injectable()
export class RequestedLedger {
  constructor(private readonly requests: Requests) {}

  read(): Promise<Ledger> {
    const { requests } = this;
    return compareLedgers({
      committed: (service, wanted, span) =>
        requests.askService(service, LedgerCommitted, { wanted: [...wanted], span }, patient),
      applied: (service, log, span) => requests.askService(service, LedgerApplied, { log, span }, patient),
      events: async (service, log, wanted, span) =>
        (await requests.askService(service, LedgerEvents, { log, wanted: [...wanted], span }, patient)).events,
    });
  }
}
