import fc from 'fast-check';
import { AddressPace } from './address-pace.js';

const limits = { perSecond: 10, burst: 5, waitMsMax: 3_000 };
/** When requests start that are asked for at these times. */
const starts = (pace: AddressPace, asked: readonly (readonly [atMs: number, address: string])[]) =>
  asked.map(([atMs, address]) => {
    const waitMs = pace.waitMs([address], atMs);
    return waitMs === undefined ? undefined : atMs + waitMs;
  });
const times = (count: number, address = '93.184.216.34') => Array.from({ length: count }, () => [0, address] as const);

describe('the pace of an address', () => {
  it('lets a few start at once, the others one after the other, and takes none that would wait too long', () => {
    const pace = new AddressPace(limits);
    const expected = [0, 0, 0, 0, 0, ...Array.from({ length: 30 }, (_, n) => (n + 1) * 100), undefined, undefined];
    expect(starts(pace, times(37))).toEqual(expected);
    // What was not taken has not been counted.
    expect(starts(pace, [[3_000, '93.184.216.34']])).toEqual([3_100]);
    expect(starts(pace, [[60_000, '93.184.216.34']])).toEqual([60_000]);
  });

  it('is one for all addresses of an IPv6 network, and another for every IPv4 address', () => {
    const pace = new AddressPace({ ...limits, burst: 1 });
    const asked = ['2606:4700::1', '2606:4700::2', '2606:4700:0:1::1', '1.1.1.1', '1.1.1.2'].map((address) => [0, address] as const); // prettier-ignore
    expect(starts(pace, asked)).toEqual([0, 100, 0, 0, 0]);
  });

  it('counts every address that a connection may be made to: a name of two victims is no way around', () => {
    const pace = new AddressPace({ ...limits, burst: 1 });
    const waits = [1, 2, 3].map((n) => pace.waitMs([`1.0.0.${n}`, '93.184.216.34'], 0));
    expect(waits).toEqual([0, 100, 200]);
    expect(pace.waitMs(['93.184.216.34'], 0)).toBe(300);
  });

  it('never lets more start within a second than burst and rate, whoever asks when, and forgets who is quiet', () => {
    const request = fc.tuple(fc.integer({ min: 0, max: 400 }), fc.constantFrom('1.1.1.1', '1.1.1.2', '2606:4700::1'));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 200 }), (requests) => {
        const pace = new AddressPace(limits);
        let nowMs = 0;
        const asked = requests.map(([gapMs, address]) => [(nowMs += gapMs), address] as const);
        const started = starts(pace, asked);
        for (const address of new Set(asked.map(([, one]) => one))) {
          const of = started.filter((start, n): start is number => start !== undefined && asked[n]![1] === address);
          for (const begin of of)
            expect(of.filter((one) => one >= begin && one < begin + 1_000 - 1e-6).length).toBeLessThanOrEqual(15);
        }
        pace.waitMs(['9.9.9.9'], nowMs + 60_000);
        expect(pace.networks).toBe(1);
      }),
    );
  });
});
