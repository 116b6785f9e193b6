import fc from 'fast-check';
import { decode, encode } from './replay.js';

const row = (n: number, body: string) => ({
  n,
  id: '0199f0a0-0000-7000-8000-000000000001',
  name: 'AppSubmitted',
  key: 'k',
  body,
  traceparent: null,
  appendedAt: '2026-01-01T00:00:00.000000Z',
});

describe('a replay answer', () => {
  it('comes back as it went, whatever the bodies', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), fc.nat(), (bodies, pruned) => {
        const rows = bodies.map((body, index) => row(index + 1, body));
        const replay = { rows, pruned, head: 9, logId: 'one' };
        expect(decode(encode(replay))).toEqual(replay);
      }),
    );
  });

  it('fits in a message of 1 MB with the largest body that a log takes, however much JSON would escape in it', () => {
    const body = `"${'\\"'.repeat(499_999)}"`;
    expect(body.length).toBe(1_000_000);
    const bytes = encode({ rows: [row(1, body)], pruned: 0, head: 1, logId: '0199f0a0-0000-7000-8000-000000000001' });
    expect(bytes.length).toBeLessThan(1024 * 1024);
    expect(decode(bytes).rows[0]?.body === body).toBe(true);
  });
});
