import { Controller } from '@nestjs/common';
import { SightingRepository } from './persistence/sighting.repository.js';
import { ListSightings } from '#libs/contracts/src/comparator.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import { Answers } from '#libs/messaging/src/decorators.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What was seen of the writes of an app; 200 of them, the most, fit into one answer. */
@Controller()
export class SightingsController {
  constructor(private readonly sightings: SightingRepository) {}

  @Answers(ListSightings)
  async list(wanted: DataOf<typeof ListSightings>, tx: Tx) {
    const rows = await this.sightings.page(tx, wanted);
    const last = rows.length === wanted.limit ? rows.at(-1) : undefined;
    return {
      totals: await this.sightings.totals(tx, wanted.appId),
      sightings: rows.map(({ index: _, ...sighting }) => sighting),
      next: last ? { fill: last.fill, index: last.index } : null,
    };
  }
}
