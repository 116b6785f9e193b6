import fc from 'fast-check';
import { ByteBudget, freeBytes } from './byte-budget.js';

const MiB = 1 << 20;

describe('byte budget', () => {
  it('lets the slowest large answer give way, not the one that asks', () => {
    let now = 0;
    const budget = new ByteBudget(10 * MiB, () => now);
    const gone: string[] = [];
    const slow = budget.open(() => gone.push('slow'));
    expect(slow.hold(6 * MiB)).toBe(true);
    now = 5_000;
    const fast = budget.open(() => gone.push('fast'));
    now = 5_100;
    expect(fast.hold(8 * MiB)).toBe(true);
    expect(gone).toEqual(['slow']);
    expect(slow.hold(7 * MiB)).toBe(false);
  });

  it('asks nothing of small answers', () => {
    const budget = new ByteBudget(0);
    const small = Array.from({ length: 100 }, () => budget.open(() => expect('a small answer').toBe('safe')));
    for (const one of small) expect(one.hold(freeBytes)).toBe(true);
    let gone = 0;
    expect(budget.open(() => (gone += 1)).hold(freeBytes + 1)).toBe(false);
    expect(gone).toBe(1);
  });

  it('never holds more than its bound, whatever is asked in whatever order', () => {
    const steps = fc.array(fc.tuple(fc.nat(7), fc.nat(4 * MiB), fc.nat(1000)), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (list) => {
        let now = 0;
        const budget = new ByteBudget(8 * MiB, () => now);
        const held = new Map<number, number>();
        const accounts = Array.from({ length: 8 }, (_, n) => budget.open(() => held.delete(n)));
        for (const [n, bytes, passed] of list) {
          now += passed;
          if (accounts[n]?.hold(bytes)) held.set(n, bytes);
          const large = [...held.values()].map((one) => Math.max(0, one - freeBytes));
          expect(large.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(8 * MiB);
        }
      }),
    );
  });

  it('gives room back when an answer ends', () => {
    const budget = new ByteBudget(MiB);
    for (let n = 0; n < 50; n += 1) {
      const account = budget.open(() => expect('the only answer').toBe('safe'));
      expect(account.hold(MiB)).toBe(true);
      account.close();
      account.close();
    }
  });
});
