import { Remembered } from './remembered.js';

describe('what is remembered', () => {
  it('is made once for all who ask at the same time, and anew after a while', async () => {
    let [now, made] = [0, 0];
    const remembered = new Remembered<number>(1_000, () => now);
    const ask = () => remembered.get('a window', async () => (made += 1));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    now = 999;
    expect(await ask()).toBe(1);
    now = 1_000;
    expect(await ask()).toBe(2);
    expect(await remembered.get('another', async () => 7)).toBe(7);
  });

  it('is no failure', async () => {
    const remembered = new Remembered<number>(1_000, () => 0);
    await expect(remembered.get('a window', async () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await remembered.get('a window', async () => 1)).toBe(1);
  });
});
