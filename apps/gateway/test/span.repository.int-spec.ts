import { schema } from '../src/bootstrap.js';
import { SpanRepository } from '../src/persistence/span.repository.js';
import type { Database } from '#libs/platform/src/database.js';
import type { SpanRecord } from '#libs/platform/src/telemetry/span-record.js';
import { TestDatabase } from '#libs/testing/src/test-database.js';

const now = Date.now();
const minute = 60_000;
const span = (index: number, more: Partial<SpanRecord> = {}): SpanRecord => ({
  ...{ traceId: String(index).padStart(32, '0'), spanId: String(index).padStart(16, '0'), parentId: null },
  ...{ service: 'filler', name: 'work fill-part', kind: 'internal', startUs: (now - 60 * minute + index) * 1_000 },
  ...{ durationUs: 5, failed: false, message: null, attributes: { note: 'x'.repeat(500) } },
  ...more,
});
const spans = (from: number, count: number, more: Partial<SpanRecord> = {}) =>
  Array.from({ length: count }, (_, index) => span(from + index, more));

describe('the spans that are kept', () => {
  let databases: TestDatabase;
  let database: Database;
  let repository: SpanRepository;
  beforeAll(async () => {
    databases = await TestDatabase.start();
    database = await databases.open('gateway', schema.migrations);
    repository = new SpanRepository(database);
  });
  afterAll(() => databases?.stop());
  beforeEach(() => database.query('truncate span, span_volume'));

  const kept = async () => {
    const [row] = await database.query<{ count: number; first: string | null; bytes: number; counted: number }>(
      `select count(*)::int as count, min(trace_id) as first, coalesce(sum(bytes), 0)::float8 as bytes,
              (select coalesce(sum(bytes), 0) from span_volume)::float8 as counted from span`,
    );
    return { ...row!, first: Number(row!.first) };
  };
  const megabyte = 1024 * 1024;

  it('are counted in bytes, a repeated one once', async () => {
    await repository.add(spans(0, 10));
    await repository.add(spans(5, 10));
    const { count, bytes, counted } = await kept();
    expect([count, counted]).toEqual([15, bytes]);
    expect(bytes).toBeGreaterThan(15 * 500);
  });

  it('stay within their size: the oldest go, no more than the excess, and a second sweep takes nothing', async () => {
    for (let from = 0; from < 12_000; from += 4_000) await repository.add(spans(from, 4_000));
    expect((await kept()).bytes).toBeGreaterThan(10 * megabyte);
    await repository.sweep({ hours: 24, megabytes: 5 });
    const after = await kept();
    expect([after.bytes, after.counted]).toEqual([after.counted, after.bytes]);
    expect(after.bytes).toBeLessThanOrEqual(5 * megabyte);
    expect(after.bytes).toBeGreaterThan(4.99 * megabyte);
    expect(after.first).toBe(12_000 - after.count);
    await repository.sweep({ hours: 24, megabytes: 5 });
    expect((await kept()).count).toBe(after.count);
  });

  it('of failures and of verdicts go last', async () => {
    await repository.add(spans(0, 500, { failed: true }));
    await repository.add(spans(500, 500, { attributes: { 'lockstep.verdict': 'in-sync', note: 'x'.repeat(500) } }));
    await repository.add(spans(1_000, 3_000));
    await repository.sweep({ hours: 24, megabytes: 2 });
    const lasting = await database.query('select 1 from span where lasting');
    expect([lasting.length, (await kept()).first]).toEqual([1_000, 0]);
    await repository.sweep({ hours: 24, megabytes: 0.5 });
    const { first, bytes } = await kept();
    expect(first).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThan(0.49 * megabyte);
  });

  it('that are too old go, whatever they are and however many', async () => {
    await repository.add(spans(0, 11_000, { failed: true, startUs: (now - 50 * 60 * minute) * 1_000 }));
    await repository.add(spans(20_000, 10));
    await repository.sweep({ hours: 24, megabytes: 500 });
    expect(await kept()).toMatchObject({ count: 10, first: 20_000 });
    expect(await database.query('select 1 from span_volume')).toHaveLength(1);
  });

  it('are stored also when one of them holds what no database can store', async () => {
    await repository.add([span(1), span(2, { failed: true, message: 'a\0b', attributes: { cause: 'c\0d' } })]);
    expect(await database.query('select message, attributes from span where failed')).toEqual([
      { message: 'ab', attributes: { cause: 'cd' } },
    ]);
  });
});
