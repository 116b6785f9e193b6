import { ago } from './fixture-apps.js';
import type { FixtureLab } from './fixture-lab.js';
import { refuse } from './fixture-problems.js';
import { staff, type Route } from './fixture-route.js';
import type { HeldBackBatch } from '#libs/contracts/src/held-back.js';

/** Batches that staff hold back; the lab of the fixture runs them without telling its board. */
export class FixtureHeldBack {
  readonly batches: HeldBackBatch[] = [];

  open(batchId: string, total: number): void {
    if (this.batches.some(({ state }) => state === 'open'))
      refuse('conflict', 'Another batch is held back.', 'Publish or discard that one first.');
    const expiresAt = ago(-86_400);
    this.batches.unshift({
      ...{ batchId, by: 'teacher', requestedAt: ago(0), expiresAt, state: 'open', endedAt: null, endedBy: null },
      ...{ total, done: 0 },
    });
  }

  isOpen = (batchId: string): boolean => this.batches.some((one) => one.batchId === batchId && one.state === 'open');

  end(batchId: string, state: 'published' | 'discarded'): void {
    const index = this.batches.findIndex((one) => one.batchId === batchId);
    this.batches[index] = { ...this.batches[index]!, state, endedAt: ago(0), endedBy: 'teacher' };
  }
}

const listed = ({ heldBack, batches }: FixtureLab): HeldBackBatch[] =>
  heldBack.batches.map((one) => ({
    ...one,
    done: batches.get(one.batchId)?.comparisons.filter(({ state }) => state === 'done').length ?? 0,
  }));

export const heldBackRoutes: readonly Route[] = [
  ['GET', /^\/api\/v1\/held-back$/, staff(({ lab }) => ({ body: { batches: listed(lab) } }))],
  [
    'POST',
    /^\/api\/v1\/batches\/([^/]+)\/(publish|discard)$/,
    staff(({ lab, parts: [batchId, how] }) => {
      const comparisons = lab.batches.get(batchId!)?.comparisons ?? [];
      lab.heldBack.end(batchId!, how === 'publish' ? 'published' : 'discarded');
      if (how === 'discard') return { body: { batchId } };
      lab.sayAll(comparisons);
      return { body: { batchId, said: comparisons.length } };
    }),
  ],
];
