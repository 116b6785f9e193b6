import { Injectable } from '@nestjs/common';
import { MarkerReader, type Sighting } from './clients/marker-reader.js';
import { isFinal, lookAgainMs } from './domain/looking.js';
import { PartLog, type Unresolved } from './part-log.js';
import type { Part } from './persistence/fill.repository.js';
import type { LoggedWrite } from './persistence/write.repository.js';
import type { Claim } from '#libs/messaging/src/worker.js';

const lookMsMax = 15_000;

/** Looks for the markers of writes: of those whose outcome nobody saw, and of those that may be there before anything was sent. */
@Injectable()
export class UnseenResolver {
  constructor(
    private readonly reader: MarkerReader,
    private readonly log: PartLog,
  ) {}

  /**
   * Sent in an earlier life, or without an answer that says what became of it: never sent again, only looked for. Returns in how long to
   * look again; undefined when every write has its outcome.
   */
  async resolve(claim: Claim): Promise<number | undefined> {
    const unresolved = await this.log.unresolved(claim);
    if (!unresolved || unresolved.writes.length === 0) return undefined;
    const { part, writes } = unresolved;
    const sightings = await this.look(claim, part, writes);
    await this.log.countLook(
      claim,
      part,
      sightings.every((sighting) => sighting !== 'not-asked'),
    );
    const open = await this.record(claim, unresolved, sightings);
    return open > 0 ? lookAgainMs : undefined;
  }

  /** What of this fill an app shows to which none of it was sent: then it is there by another name. */
  async showsAny(claim: Claim, part: Part, writes: readonly LoggedWrite[]): Promise<Sighting> {
    const sightings = await this.look(claim, part, writes);
    const first = (['shown', 'not-asked', 'no-answer'] as const).find((sighting) => sightings.includes(sighting));
    return first ?? 'absent';
  }

  private look(claim: Claim, part: Part, writes: readonly LoggedWrite[]): Promise<Sighting[]> {
    return this.reader.look(part.url, writes, AbortSignal.any([claim.signal, AbortSignal.timeout(lookMsMax)]));
  }

  private async record(claim: Claim, { part, writes }: Unresolved, sightings: readonly Sighting[]): Promise<number> {
    const asked = sightings.every((sighting) => sighting !== 'not-asked');
    const looks = part.looks + (asked ? 1 : 0);
    const failures = part.lookFailures + (asked ? 0 : 1);
    let open = 0;
    for (const [index, write] of writes.entries()) {
      const state = write.state === 'sent' ? 'sent' : 'unknown';
      if (sightings[index] === 'shown') await this.end(claim, write, 'acknowledged', shownReason);
      else if (!isFinal({ looks, failures, state, ageMs: write.ageMs })) open += 1;
      else await this.end(claim, write, 'unknown', write.reason ?? absentReason);
    }
    return open;
  }

  private end(claim: Claim, write: LoggedWrite, outcome: 'acknowledged' | 'unknown', reason: string): Promise<void> {
    return this.log.end(claim, write, { outcome, status: write.status, reason });
  }
}

const shownReason = 'Its answer did not say so; the row was found by its marker.';
const absentReason = 'No answer was seen, and the row was not found.';
