import type { Obligation } from './obligation.js';
import { roundedRows, roundingOf } from './rounded-values.js';

const write = (value: number, index: number): Obligation => ({
  ...{ marker: `~${value}`, payload: { kind: 'value', value }, fill: 1, index, acknowledgedAt: null },
});
const found = (sent: readonly number[], shown: readonly number[], others: readonly number[] = []) => {
  const rows = new Map<number, number[]>();
  shown.forEach((number, row) => rows.set(number, [...(rows.get(number) ?? []), row]));
  const ledger = { acknowledged: sent.length, obligations: sent.map(write), others: others.map(write) };
  return Object.fromEntries([...roundedRows(ledger, rows)].map(([{ marker }, row]) => [marker, row]));
};
const [one, two, three] = [987_654_321, -123_456_789, 700_000_001];

describe('values that come back rounded', () => {
  it('are found as 32-bit floating point keeps them, and by their digits, and cut off', () => {
    expect(found([one, 5, two], [Math.fround(one), 5, Math.fround(two)])).toEqual({ [`~${one}`]: 0, [`~${two}`]: 2 });
    expect(found([one, two, three], [987_654_000, -123_457_000, 700_000_000])).toEqual({
      ...{ [`~${one}`]: 0, [`~${two}`]: 1, [`~${three}`]: 2 },
    });
    expect(found([one, three, two], [32_767, 32_767, -32_768])).toEqual({
      ...{ [`~${one}`]: 0, [`~${three}`]: 1, [`~${two}`]: 2 },
    });
    expect(found([one, three], [32_767])).toEqual({ [`~${one}`]: 0 });
  });

  it('are not what somebody typed, what another write of ours wrote, or what is near by chance', () => {
    expect(found([one, two, three], [Math.fround(one), 1, 2])).toEqual({});
    expect(found([one], [Math.fround(one)], [Math.fround(one)])).toEqual({});
    expect(found([one, two], [one + 1, two - 2])).toEqual({});
    expect(found([one], [one, Math.fround(one)])).toEqual({});
  });

  it('are named by how they were rounded', () => {
    expect(roundingOf(one, Math.fround(one))).toContain('24 bits');
    expect(roundingOf(one, 987_654_300)).toBe('rounded to 7 digits');
    expect(roundingOf(one, 32_767)).toContain('16 bits');
    expect([roundingOf(one, one), roundingOf(one, 1)]).toEqual([undefined, undefined]);
  });
});
