import { currentTraceparent } from '#libs/platform/src/telemetry/spans.js';
import type { Tx } from '#libs/platform/src/transaction.js';

/**
 * Makes work due, in the transaction of the handler that wants it: it exists if and only if that commits.
 * One row per (kind, subject): work that is there already becomes due at the earlier of both times; work that is under way
 * is done once more, since what it has read may be old.
 */
export class WorkQueue {
  private readonly listeners = new Map<string, () => void>();

  schedule(tx: Tx, kind: string, subject: string, delayMs = 0): Promise<void> {
    return this.scheduleAll(tx, kind, [subject], delayMs);
  }

  async scheduleAll(tx: Tx, kind: string, subjects: readonly string[], delayMs = 0): Promise<void> {
    if (subjects.length === 0) return;
    await tx.query(
      `insert into work (kind, subject, due_at, traceparent)
       select $1, subject, clock_timestamp() + $3 * interval '1 millisecond', $4 from unnest($2::text[]) as subject
       on conflict (kind, subject) do update set due_at = least(work.due_at, excluded.due_at), asked = work.asked + 1`,
      [kind, subjects, delayMs, currentTraceparent() ?? null],
    );
    tx.afterCommit(`work:${kind}`, () => this.listeners.get(kind)?.());
  }

  /** Takes back work that nobody has begun. */
  async cancel(tx: Tx, kind: string, subject: string): Promise<void> {
    await tx.query(
      `delete from work where kind = $1 and subject = $2 and coalesce(lease_until, '-infinity') < clock_timestamp()`,
      [kind, subject],
    );
  }

  /** Takes back work whoever has it: the fence keeps a holder from recording anything more, though not from going on for a while. */
  async revoke(tx: Tx, kind: string, subject: string): Promise<void> {
    await tx.query('delete from work where kind = $1 and subject = $2', [kind, subject]);
  }

  /** The worker of this kind in this process is told at once; elsewhere it finds the work by looking. */
  listen(kind: string, listener: () => void): () => void {
    this.listeners.set(kind, listener);
    return () => void this.listeners.delete(kind);
  }
}
