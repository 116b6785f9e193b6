import { Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { SendResult } from './clients/fill-driver.js';
import { sentence } from './domain/sentence.js';
import { FillRepository, type Part } from './persistence/fill.repository.js';
import { PlaceRepository, type Neighbours } from './persistence/place.repository.js';
import { WriteRepository, type LoggedWrite } from './persistence/write.repository.js';
import { readPartSubject } from './work-kinds.js';
import type { FillDriver } from '#libs/contracts/src/shapes.js';
import type { Claim } from '#libs/messaging/src/worker.js';
import type { Tx } from '#libs/platform/src/transaction.js';

export interface BegunPart {
  readonly part: Part;
  readonly writes: readonly LoggedWrite[];
  readonly neighbours: Neighbours;
}

/** Writes whose outcome nobody has seen, and for how long. */
export interface Unresolved {
  readonly part: Part;
  readonly writes: readonly (LoggedWrite & { readonly ageMs: number })[];
}

const isUnresolved = ({ state }: LoggedWrite): boolean => state === 'sent' || state === 'unknown';

/** The send log as the one who fills uses it: every step is on disk, under the claim, before the next begins. */
@Injectable()
export class PartLog {
  constructor(
    private readonly fills: FillRepository,
    private readonly writes: WriteRepository,
    private readonly places: PlaceRepository,
  ) {}

  /** The part and its writes, or undefined when it has ended already. It has not begun while its neighbours are busy. */
  begin(claim: Claim): Promise<BegunPart | undefined> {
    return claim.transaction(async (tx) => {
      const part = await this.openPart(claim, tx);
      if (!part) return undefined;
      const neighbours = await this.places.neighboursOf(tx, part);
      if (!neighbours.areBusy) await this.fills.begin(tx, part);
      return { part, neighbours, writes: await this.writes.list(tx, part.fillId, part.targetId) };
    });
  }

  /** The part that a claim is about, while it has not ended; locked. */
  async openPart(claim: Claim, tx: Tx): Promise<Part | undefined> {
    const part = await this.fills.findPart(tx, ...readPartSubject(claim.subject));
    return part?.state === 'due' || part?.state === 'filling' ? part : undefined;
  }

  /** The same, for who will end it: locks the fill first. */
  async partToEnd(claim: Claim, tx: Tx): Promise<Part | undefined> {
    const [fillId] = readPartSubject(claim.subject);
    await this.fills.lock(tx, fillId);
    return this.openPart(claim, tx);
  }

  /** True when this attempt, and no other ever, may send the write. */
  markSent(claim: Claim, write: LoggedWrite, driver: FillDriver): Promise<boolean> {
    const traceId = trace.getActiveSpan()?.spanContext().traceId ?? null;
    return claim.transaction((tx) => this.writes.markSent(tx, write.writeId, driver, traceId));
  }

  end(claim: Claim, write: LoggedWrite, { outcome, status, reason }: SendResult): Promise<void> {
    const end = {
      state: outcome === 'not-sent' ? ('planned' as const) : outcome,
      status,
      reason: reason === null ? null : sentence(reason),
    };
    return claim.transaction((tx) => this.writes.end(tx, write.writeId, end));
  }

  /** Ends writes that were never sent. */
  endAll(claim: Claim, writes: readonly LoggedWrite[], state: 'refused' | 'skipped', reason: string): Promise<void> {
    const end = { state, status: null, reason: sentence(reason) };
    return claim.transaction(async (tx) => {
      for (const write of writes) await this.writes.end(tx, write.writeId, end);
    });
  }

  unresolved(claim: Claim): Promise<Unresolved | undefined> {
    return claim.transaction(async (tx) => {
      const part = await this.openPart(claim, tx);
      if (!part) return undefined;
      const writes = (await this.writes.list(tx, part.fillId, part.targetId)).filter(isUnresolved);
      return { part, writes: writes.map((write) => ({ ...write, ageMs: ageOf(write, tx.now) })) };
    });
  }

  settle(tx: Tx, part: Part): Promise<void> {
    return this.places.settlePart(tx, part);
  }

  countLook(claim: Claim, part: Part, wasAnswered: boolean): Promise<void> {
    return claim.transaction((tx) => this.fills.countLook(tx, part, wasAnswered));
  }

  /** Nothing more is sent of this part; true while there are writes to be looked for. */
  async skipPlanned(tx: Tx, part: Part, reason: string): Promise<boolean> {
    await this.writes.skipPlanned(tx, part.fillId, part.targetId, sentence(reason));
    await this.fills.countLook(tx, part, false);
    return (await this.writes.list(tx, part.fillId, part.targetId)).some(isUnresolved);
  }
}

const ageOf = ({ sentAt }: LoggedWrite, now: Date): number =>
  sentAt === null ? Number.POSITIVE_INFINITY : now.getTime() - new Date(sentAt).getTime();
