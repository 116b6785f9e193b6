import type { Lab } from './lab.js';
import { services } from '#libs/contracts/src/catalogue.js';
import { compareLedgers, type Ledger, type LedgerSource } from '#libs/messaging/src/ledger-check.js';
import * as ledger from '#libs/messaging/src/ledger.js';
import { readCursor } from '#libs/replication/src/cursor.js';
import { head, type Runs } from '#libs/replication/src/numbered-log.js';

export type { Ledger };

/** The ledger of a whole lab, read from the databases themselves. */
export const readLedger = (lab: Lab): Promise<Ledger> => {
  const runs = (service: (typeof services)[number]): Runs => ({
    query: (sql, parameters = []) => lab.query(service, sql, [...parameters]) as never,
  });
  const source: LedgerSource = {
    committed: async (service, wanted, size) => {
      const { n, pruned, unnumbered } = await head(runs(service));
      return { head: n, pruned, unnumbered, ranges: await ledger.committedRanges(runs(service), wanted, size) };
    },
    applied: async (service, log, size, after) => ({
      cursor: await readCursor(runs(service), log),
      ranges: await ledger.appliedRanges(runs(service), log, size, after),
      outOfOrder: await ledger.outOfOrder(runs(service), log, after),
    }),
    events: (service, range) => ledger.eventsOfRange(runs(service), { ...range, own: range.log === service }),
  };
  return compareLedgers(source, lab.running());
};
