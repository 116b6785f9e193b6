import { Gate } from './gate.js';

/** Work that ends when it is told to. */
function task() {
  let end!: () => void;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { run: () => done, end };
}

describe('a gate', () => {
  it('lets as many in as it may, the others in their order, and refuses whoever is too many', async () => {
    const gate = new Gate('sign-ins', 2, 2);
    const begun: number[] = [];
    const tasks = [0, 1, 2, 3].map((index) => ({ index, ...task() }));
    const runs = tasks.map(({ index, run }) =>
      gate.run(() => {
        begun.push(index);
        return run();
      }),
    );
    expect(begun).toEqual([0, 1]);
    await expect(gate.run(() => Promise.resolve())).rejects.toThrow('There are too many sign-ins at this moment.');
    for (const { index, end } of tasks) {
      end();
      await runs[index];
      expect(begun).toEqual([0, 1, 2, 3].slice(0, index + 3));
    }
    await expect(gate.run(() => Promise.resolve('in'))).resolves.toBe('in');
  });

  it('has its place again after work that failed', async () => {
    const gate = new Gate('sign-ins', 1, 0);
    await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(gate.run(() => Promise.resolve('in'))).resolves.toBe('in');
  });
});
