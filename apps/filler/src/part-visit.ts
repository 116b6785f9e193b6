import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { LabTrouble } from './clients/fill-driver.js';
import { PartFiller } from './part-filler.js';
import { PartLog, type BegunPart } from './part-log.js';
import { UnseenResolver } from './unseen-resolver.js';
import type { Part } from './persistence/fill.repository.js';
import type { LoggedWrite } from './persistence/write.repository.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import { attribute } from '#libs/platform/src/telemetry/names.js';

/** What one attempt at a part came to; the outcomes of its writes are in the send log already. */
export type PartSeen =
  /** `isSettled`: it was told from the others at its address. */
  | { readonly next: 'end'; readonly isSettled: boolean }
  | { readonly next: 'again'; readonly inMs: number; readonly note: string };

const neighbourMs = 1_000;

/**
 * One attempt at a part: waits for others at its address, tells itself from them, sends what was never sent, looks for what may have
 * been. Started again after a crash it goes on where the log says.
 */
@Injectable()
export class PartVisit {
  constructor(
    private readonly filler: PartFiller,
    private readonly resolver: UnseenResolver,
    private readonly log: PartLog,
  ) {}

  async make(claim: Claim): Promise<PartSeen | null> {
    const begun = await this.log.begin(claim);
    if (!begun) return null;
    const { part, writes, neighbours } = begun;
    describe(part);
    if (neighbours.areBusy) return { next: 'again', inMs: neighbourMs, note: 'waits for others at its address' };
    const planned = writes.filter((write) => write.state === 'planned');
    const isSettled = await this.isTold(claim, begun, planned);
    if (isSettled === 'the same') return { next: 'end', isSettled: false };
    const trouble = await this.sendOrTrouble(claim, begun, planned);
    if (trouble && claim.signal.aborted) throw trouble;
    // Also after trouble: what was sent so far is looked for while it can be.
    const again = await this.resolver.resolve(claim);
    if (trouble) throw trouble;
    if (again !== undefined) return { next: 'again', inMs: again, note: 'looks for markers' };
    return { next: 'end', isSettled: isSettled && part.waitsFor.length > 0 };
  }

  private async sendOrTrouble(
    claim: Claim,
    { part }: BegunPart,
    planned: readonly LoggedWrite[],
  ): Promise<LabTrouble | undefined> {
    try {
      await this.filler.send(claim, part, planned);
      return undefined;
    } catch (error) {
      if (error instanceof LabTrouble) return error;
      throw error;
    }
  }

  /** Whether it has been told from its neighbours; `the same`: it is one of them by another name, and its writes are skipped. */
  private async isTold(
    claim: Claim,
    { part, writes, neighbours }: BegunPart,
    planned: readonly LoggedWrite[],
  ): Promise<boolean | 'the same'> {
    // Once something was sent here, what it shows is no evidence any more.
    if (!neighbours.haveRows || planned.length < writes.length) return false;
    const sighting = await this.resolver.showsAny(claim, part, planned);
    if (sighting === 'absent') return true;
    if (sighting === 'not-asked') throw new LabTrouble('an app could not be told from its neighbours');
    const who = neighbours.urls.map((url) => url.slice(0, 100)).join(' or ');
    await this.log.endAll(
      claim,
      planned,
      'skipped',
      sighting === 'shown'
        ? `This address leads to the same app as ${who}, which has these rows already; nothing is sent twice.`
        : `This address is that of ${who}, and the app did not show whether it is another one.`,
    );
    return 'the same';
  }
}

/** So that from an app on the board its browser steps are found. */
function describe({ number, role, targetId }: Part): void {
  const app = role === 'app' ? { [attribute.appId]: targetId } : {};
  trace.getActiveSpan()?.setAttributes({ [attribute.fillNumber]: number, [attribute.targetRole]: role, ...app });
}
