import { Supervised, type RunningProgram } from './supervised.js';

/** A program that ends when it is told to. */
class Program implements RunningProgram {
  stopped = false;
  end!: () => void;
  readonly exited = new Promise<void>((done) => (this.end = done));
  stop(): Promise<void> {
    this.stopped = true;
    this.end();
    return Promise.resolve();
  }
}

describe('a program that is supervised', () => {
  let programs: Program[];
  let told: string[];
  let pauses: number[];
  let failures: number;
  let started: (program: Program) => void;
  let next: Promise<Program>;

  const make = (pauseMs = 0) =>
    new Supervised<Program>({
      name: 'It',
      told: (line) => told.push(line),
      pauseMs: (shortLives) => (pauses.push(shortLives), pauseMs),
      start: async () => {
        if (failures-- > 0) throw new Error('It does not start.');
        const program = new Program();
        programs.push(program);
        const before = started;
        next = new Promise((done) => (started = done));
        before(program);
        return program;
      },
    });
  beforeEach(() => {
    programs = [];
    told = [];
    pauses = [];
    failures = 0;
    next = new Promise((done) => (started = done));
  });

  it('is started again when it ends by itself, and that is said', async () => {
    const supervised = make();
    await supervised.start();
    for (let life = 0; life < 3; life += 1) {
      const revived = next;
      programs.at(-1)!.end();
      await revived;
    }
    expect([programs.length, told]).toEqual([4, Array(3).fill('It ended by itself and is being started again')]);
    await supervised.stop();
    expect(programs.at(-1)!.stopped).toBe(true);
  });

  it('waits longer each time when it ends soon after it was ready, or does not get so far', async () => {
    const supervised = make();
    await supervised.start();
    for (const failing of [0, 2]) {
      failures = failing;
      const revived = next;
      programs.at(-1)!.end();
      await revived;
    }
    expect(pauses).toEqual([0, 1, 2, 3]);
    expect(told.filter((line) => line === 'It does not start.')).toHaveLength(2);
    await supervised.stop();
  });

  it('stays ended once it is stopped, also in the middle of a pause', async () => {
    const supervised = make(3_600_000);
    await supervised.start();
    programs[0]!.end();
    await programs[0]!.exited;
    await supervised.stop();
    expect(programs).toHaveLength(1);
  });

  it('is not started by halves: what does not start the first time is told to whoever wants it', async () => {
    failures = 1;
    await expect(make().start()).rejects.toThrow('It does not start.');
  });
});
