import type { Lab } from './lab.js';
import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { compareLedgers, type Ledger } from '#libs/messaging/src/ledger-check.js';
import { eventsOfRange, readApplied, readCommitted } from '#libs/messaging/src/ledger.js';
import type { Runs } from '#libs/replication/src/numbered-log.js';

export type { Ledger };

/** The ledger of a whole lab, read from the databases themselves. */
export const readLedger = (lab: Lab): Promise<Ledger> => {
  const of = (service: ServiceName): Runs => ({
    query: (sql, parameters = []) => lab.query(service, sql, [...parameters]) as never,
  });
  return compareLedgers(
    {
      committed: (service, wanted, span) => readCommitted(of(service), wanted, span),
      applied: (service, log, span) => readApplied(of(service), log, span),
      events: (service, log, wanted, span) => eventsOfRange(of(service), { log, own: log === service, wanted, span }),
    },
    lab.running(),
  );
};
