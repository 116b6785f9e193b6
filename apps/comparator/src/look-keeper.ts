import { Injectable } from '@nestjs/common';
import { differencesOf, type Look } from './domain/look.js';
import type { Seen } from './domain/sightings.js';
import type { Comparison } from './persistence/comparison.repository.js';
import { EvidenceRepository } from './persistence/evidence.repository.js';
import { NoiseRepository } from './persistence/noise.repository.js';
import { SightingRepository } from './persistence/sighting.repository.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/** What stays of looks beside the verdict: what they were judged from, what they measured, what they saw of every write. */
@Injectable()
export class LookKeeper {
  constructor(
    private readonly evidence: EvidenceRepository,
    private readonly noise: NoiseRepository,
    private readonly sightings: SightingRepository,
  ) {}

  /** What a look was judged from takes the place of the look before it; what it measured is added to what was before. */
  async keep(tx: Tx, comparison: Comparison, seen: { look: Look; evidence: Uint8Array | null }): Promise<void> {
    await this.noise.add(tx, seen.look);
    const isDifferent = differencesOf(seen.look) > 0;
    if (seen.evidence) await this.evidence.keep(tx, { ...comparison, isDifferent, packed: seen.evidence });
  }

  /** When a comparison is decided. */
  saw(tx: Tx, { appId }: Comparison, seen: Seen): Promise<void> {
    return this.sightings.record(tx, appId, seen);
  }
}
