import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { endpoints } from '../domain/endpoints.js';
import { emptyLedger } from '../domain/obligation.js';
import { packed, unpacked } from './evidence.js';
import type { FetchedBody, JudgeJob } from './judge-job.js';

const fetched = { url: 'http://a.example/x', status: 200, bodyBytes: 3, totalMs: 1, problem: null };
const body = (bytes: Uint8Array): FetchedBody => ({ ok: true, fetched, body: new Uint8Array(bytes), clock: null });
const text = (words: string) => body(new TextEncoder().encode(words));
const away: FetchedBody = {
  ok: false,
  fetched: { ...fetched, status: 500, problem: 'It answered 500.' },
  side: 'theirs',
};
const [moods, entries, stats] = endpoints as [(typeof endpoints)[0], (typeof endpoints)[0], (typeof endpoints)[0]];
const job = (part: Partial<JudgeJob>): JudgeJob => ({
  ...{ now: '2026-11-26T10:00:00.000Z', seed: [1, -2], slack: 3, acknowledgedEntries: 4, parts: [] },
  ...part,
});

describe('what a look was judged from', () => {
  const first = job({
    parts: [
      {
        endpoint: moods,
        baseline: text('not JSON\0'),
        app: body(new Uint8Array([0xff, 0, 0xfe])),
        ledger: emptyLedger,
      },
      {
        ...{ endpoint: entries, baseline: text('[]'), app: away, ledger: { ...emptyLedger, acknowledged: 7 } },
        shadow: { fetched: text('[1]'), common: [] },
      },
    ],
  });
  const second = job({
    parts: [{ endpoint: stats, baseline: text('b'), app: text('a'), ledger: emptyLedger }],
    later: [{ endpoint: entries, baseline: text(''), app: text('later') }],
  });

  it('comes back byte for byte, whatever the bodies are', async () => {
    const bytes = await packed([first, second]);
    expect(await unpacked(bytes!, endpoints)).toEqual([first, second]);
  });

  it('comes back for those endpoints that are still compared, by their rules of now', async () => {
    const bytes = await packed([first, second]);
    const other = { ...entries, shape: { ...entries.shape, rules: [] } };
    const [job] = await unpacked(bytes!, [other]);
    expect(job!.parts).toEqual([{ ...first.parts[1]!, endpoint: other }]);
  });

  it('comes back from what was packed by gzip, before zstd', async () => {
    const kept = Buffer.from(packedByGzip, 'base64');
    expect(await unpacked(kept, endpoints)).toEqual([
      job({ parts: [{ endpoint: moods, baseline: text('baseline'), app: text('app'), ledger: emptyLedger }] }),
    ]);
  });

  it.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
  ])('is not read when it is larger than what is kept, by %s', async (_, squeeze) => {
    const large = squeeze(Buffer.alloc(16 * 1024 * 1024 + 1));
    await expect(unpacked(large, endpoints)).rejects.toThrow(/larger than 16777216/);
  });

  it('is not kept when it is larger than 16 MB', async () => {
    const large = body(randomBytes(9 * 1024 * 1024));
    const both = job({ parts: [{ endpoint: moods, baseline: large, app: large, ledger: emptyLedger }] });
    expect(await packed([both])).toBeNull();
  });
});

/** As it was written in November 2026: one job, both bodies of moods. */
const packedByGzip = [
  'H4sIAAAAAAAEA8WQMWrDQBBFnav8emyt5GDClIaU6VLFqBhJG0torV12R9hG6HI5WViHQG4Q+MX8YviP9/W02ZwWTP4KRmWqw7Yst9XhvTRscnbGmA8QkrUd',
  '+FTStqoJyUk7gvcEacfJX53tzrZ7nTQONoGfCUGiJvBpQRDtwSgkDMXF+y4V4hwIjSTrhsmCF/gRrHG2hE+rbZ+nFszRgdGrBi4K2dmbXIKzxS3TqOicwJUx',
  'hMZ39+Nd8/CeoF7FvSVwSQjRN85ewNPs3Eponc/YuRGan5eXlSAh/DPFfiU8JMYM8lcq2BB844az6OCn7LQmeO1tfNzrWq/1r0sJ4RvtW8NE0QEAAA==',
].join('');
