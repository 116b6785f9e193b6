import { endpoints } from './endpoints.js';
import { measureNoise } from './noise.js';
import type { Obligation } from './obligation.js';
import { planFor, readBody } from './readable-body.js';
import { withRules } from './rules.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const now = '2026-11-26T10:00:00.000Z';
const [entries] = withRules(
  endpoints.filter(({ kind }) => kind === 'entry'),
  [],
);
const plan = planFor(entries!, [1, 2]);
const common = Array.from({ length: 4 }, (_, index): Obligation => {
  const marker = markerOfNumber((index + 1) * 7_919);
  return { marker, payload: { kind: 'entry', text: `${marker} a walk` }, fill: 1, index, acknowledgedAt: now };
});
type Row = Record<string, unknown>;
const rowsOf = (firstId: number, more: Row = {}): Row[] =>
  common.map(({ payload }, i) => ({
    id: firstId + i,
    text: (payload as { text: string }).text,
    created_at: `2026-11-26T09:0${i}:00.${firstId}00Z`,
    ...more,
  }));

/** What the two show → which paths are noise, with how often of how many, and whether they have diverged. */
function measure(baseline: unknown, shadow: unknown, written: readonly Obligation[] = common) {
  const read = (body: unknown) => readBody(plan, new TextEncoder().encode(JSON.stringify(body)));
  const clocks = { baseline: now, shadow: now };
  const bodies = { baseline: read(baseline), shadow: read(shadow) };
  const evidence = { endpoint: entries!, ...bodies, common: written, now, clocks };
  const { noise, diverged } = measureNoise(evidence);
  return { noise: noise.map(({ path, differed, compared }) => `${path} ${differed}/${compared}`).toSorted(), diverged };
}

describe('what two equal baselines differ in', () => {
  it('is noise: each with its path, and how often it was seen', () => {
    const [first, ...rest] = rowsOf(2, { tags: ['x', 'y'] });
    const shadow = [{ ...first, id: 1, tags: ['x', 'z'] }, ...rest];
    expect(measure({ rows: rowsOf(1, { tags: ['x', 'y'] }), page: 1 }, { rows: shadow, page: 2 })).toEqual({
      noise: ['/page 1/1', '/rows/*/created_at 4/4', '/rows/*/id 3/4', '/rows/*/tags/* 1/4'],
      diverged: null,
    });
  });

  it('is nothing where they are equal, and where one cannot be read', () => {
    expect(measure({ rows: rowsOf(1) }, { rows: rowsOf(1) })).toEqual({ noise: [], diverged: null });
    expect(measure({ rows: rowsOf(1) }, { error: 'down' })).toEqual({ noise: [], diverged: null });
  });

  it('is never what was written, nor a row that only one of them has: then they have diverged', () => {
    const [, ...short] = rowsOf(1);
    expect(measure({ rows: rowsOf(1) }, { rows: short }).diverged).toBe(
      'The baseline and its shadow have diverged: 1 row that both have acknowledged is in one of them only.',
    );
    expect(measure({ rows: short }, { rows: rowsOf(1) }).diverged).toContain('1 row that both have acknowledged');
    const spoilt = rowsOf(1).map((row, i) => (i < 2 ? { ...row, text: `${String(row['text'])}!` } : row));
    expect(measure({ rows: rowsOf(1) }, { rows: spoilt })).toEqual({
      noise: [],
      diverged: 'The baseline and its shadow have diverged: 2 rows differ in “text”, which was written alike.',
    });
    const doubled = [...rowsOf(1), rowsOf(5)[0]!];
    expect(measure({ rows: rowsOf(1) }, { rows: doubled }).diverged).toContain('1 row is doubled in one of them');
  });

  it('is not a row that both have lost, or that a visitor has put into one of them', () => {
    const [, ...short] = rowsOf(1);
    const visited = [...short, { id: 77, text: 'hello', created_at: now }];
    expect(measure({ rows: short }, { rows: visited })).toEqual({ noise: [], diverged: null });
  });

  it('is not a row that the window of one of them has passed already, since it has rows of its own', () => {
    const at = (i: number) => new Date(Date.parse(now) - (400 - i) * 60_000).toISOString();
    const writes = Array.from({ length: 300 }, (_, i): Obligation => {
      const marker = markerOfNumber((i + 1) * 7_919);
      return {
        marker,
        payload: { kind: 'entry', text: `${marker} a walk` },
        fill: i + 1,
        index: 0,
        acknowledgedAt: at(i),
      };
    });
    const rows = writes.map(({ payload }, i) => ({
      id: i,
      text: (payload as { text: string }).text,
      created_at: at(i),
    }));
    const own = rows.flatMap((row, i) => [
      { ...row, text: 'of its own' },
      { ...row, id: 2 * i },
    ]);
    const window = (all: readonly Row[]) => ({ rows: all.toReversed().slice(0, 200) });
    expect(measure(window(rows), window(own), writes)).toEqual({ noise: ['/rows/*/id 100/100'], diverged: null });
    const lossy = own.filter((_, i) => i !== 599 - 20);
    expect(measure(window(rows), window(lossy), writes).diverged).toContain('1 row that both have acknowledged');
  });

  it('never grows beyond what rules can carry, whatever names are in a body', () => {
    const names = (n: number) => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, n]));
    expect(measure({ rows: rowsOf(1, names(1)) }, { rows: rowsOf(1, names(2)) }).noise).toHaveLength(16);
    const odd = (n: number) => ({ ['x'.repeat(400)]: n, 'a\u0000b': n, '…': n });
    expect(measure({ rows: rowsOf(1, odd(1)) }, { rows: rowsOf(1, odd(2)) }).noise).toEqual([]);
  });
});
