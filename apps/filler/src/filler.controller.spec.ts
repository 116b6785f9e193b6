import { FillerController } from './filler.controller.js';
import type { LoggedWrite } from './persistence/write.repository.js';

/** As large as a write can be: every text full of characters of three bytes. */
const row = (position: number): LoggedWrite & { position: number; number: number; traceId: null } => ({
  ...{ writeId: 'w', index: 0, marker: '~0123456789', driver: 'http', state: 'refused', status: 400 },
  ...{ payload: { kind: 'mood', mood: 'calm', note: '語'.repeat(240) }, reason: '語'.repeat(300) },
  ...{ sentAt: null, answeredAt: null, traceId: null, number: 1, position, isCanary: false },
});
const controllerFor = (count: number) =>
  new FillerController(
    undefined as never,
    { page: async () => Array.from({ length: count }, (_, n) => row(count - n)), totals: async () => ({}) } as never,
  );
const asked = { targetId: 'x', limit: 200, canaries: false };

describe('the send log of an app', () => {
  it('is answered with as many writes as fit into one message, and where to go on', async () => {
    const { writes, nextBefore } = await controllerFor(200).list(asked, undefined as never);
    expect(Buffer.byteLength(JSON.stringify(writes))).toBeLessThan(256_000);
    expect([writes.length < 200, nextBefore]).toEqual([true, 200 - writes.length + 1]);
  });

  it('ends with the last write', async () => {
    expect(await controllerFor(3).list(asked, undefined as never)).toMatchObject({ nextBefore: null });
  });
});
