import { Injectable, Logger } from '@nestjs/common';
import { ListSightings, type WritePlace } from '#libs/contracts/src/comparator.js';
import { ListWrites } from '#libs/contracts/src/filler.js';
import type { AppLedger, LedgerFilter } from '#libs/contracts/src/gateway.js';
import type { InputOf, ReplyOf } from '#libs/contracts/src/contract.js';
import { Requests } from '#libs/messaging/src/requests.js';

export interface LedgerPage {
  readonly only?: LedgerFilter | undefined;
  /** The `next` of the page before: a position of the filler's, or a place of the comparator's. */
  readonly before?: string | undefined;
  readonly limit: number;
}
type Seen = ReplyOf<typeof ListSightings>;
type Sent = ReplyOf<typeof ListWrites>;

/**
 * The ledger of an app, of its two owners: the filler knows what was sent and how it ended, the comparator what was seen of it since.
 * Who knows what is asked for is asked first, and the other one about those writes.
 */
@Injectable()
export class AppLedgers {
  private readonly logger = new Logger(AppLedgers.name);

  constructor(private readonly requests: Requests) {}

  read(appId: string, page: LedgerPage): Promise<AppLedger> {
    const only = page.only && seenAs[page.only];
    return only ? this.asSeen(appId, only, page) : this.asSent(appId, page);
  }

  private async asSent(appId: string, { only, before, limit }: LedgerPage): Promise<AppLedger> {
    const sent = await this.requests.ask(ListWrites, {
      ...{ targetId: appId, limit },
      ...(only === 'not-acknowledged' ? { only } : {}),
      ...(before ? { before: Number(before.split('.')[0]) } : {}),
    });
    const markers = sent.writes.map((write) => write.marker);
    const seen = await this.seenOrNothing({ appId, markers, limit: Math.max(markers.length, 1) });
    return joined(sent, seen, sent.nextBefore === null ? null : String(sent.nextBefore));
  }

  private async asSeen(appId: string, only: 'lost' | 'doubled', { before, limit }: LedgerPage): Promise<AppLedger> {
    const seen = await this.requests.ask(ListSightings, { appId, only, limit, ...(before ? { before: placeOf(before) } : {}) }); // prettier-ignore
    const markers = seen.sightings.map(({ marker }) => marker);
    const wanted = markers.length > 0 ? { markers, limit: markers.length } : { limit: 1 };
    const sent = await this.requests.ask(ListWrites, { targetId: appId, ...wanted });
    const writes = markers.flatMap((marker) => sent.writes.find((write) => write.marker === marker) ?? []);
    return joined({ ...sent, writes }, seen, seen.next && `${seen.next.fill}.${seen.next.index}`);
  }

  /** Without the comparator the send log is still true. */
  private async seenOrNothing(wanted: InputOf<typeof ListSightings>): Promise<Seen | null> {
    try {
      return await this.requests.ask(ListSightings, wanted, { deadlineMs: 2_000 });
    } catch (error) {
      this.logger.debug(`what was seen cannot be read: ${String(error)}`);
      return null;
    }
  }
}

const seenAs: Record<LedgerFilter, 'lost' | 'doubled' | undefined> = {
  'not-acknowledged': undefined,
  'acknowledged-then-missing': 'lost',
  doubled: 'doubled',
};

function joined(sent: Sent, seen: Seen | null, next: string | null): AppLedger {
  const sightings = new Map(seen?.sightings.map((one) => [one.marker, one]));
  return {
    sent: sent.totals,
    seen: seen?.totals ?? null,
    writes: sent.writes.map((write) => ({ ...write, sighting: sightings.get(write.marker) ?? null })),
    next,
    missing: seen ? [] : ['comparator'],
  };
}

function placeOf(before: string): WritePlace {
  const [fill = 1, index = 0] = before.split('.').map(Number);
  return { fill, index };
}
