import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { isRunning } from '../src/child.js';
import { ServerProcess } from '../src/server-process.js';
import { eventually } from './facts.js';

const launched: ChildProcess[] = [];
async function launch(exe: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(exe, args, { stdio: 'ignore' });
  launched.push(child);
  await once(child, 'spawn');
  return child;
}
const running = () => launched.filter(isRunning).map((child) => child.pid);

const told: string[] = [];
const serverOf = (start: () => Promise<ChildProcess>) =>
  new ServerProcess({
    name: 'It',
    launch: start,
    endSteps: [['SIGTERM', 1000]],
    onProgress: { step: () => undefined, done: (text) => told.push(text) },
    pauseMs: () => 1,
  });

beforeEach(() => {
  told.length = 0;
});
afterAll(() => launched.forEach((child) => child.kill('SIGKILL')));

describe('a server process', () => {
  it('is in the state of the last call, with at most one child, whatever calls and deaths came before', async () => {
    const calls = fc.array(fc.constantFrom('restart', 'kill', 'stop', 'die'), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(calls, async (sequence) => {
        const server = serverOf(() => launch('sleep', '60'));
        await server.start();
        const act = {
          restart: () => server.restart('SIGKILL', 0),
          kill: () => server.kill('SIGKILL'),
          stop: () => server.stop(),
          die: () => Promise.resolve(server.pid !== undefined && process.kill(server.pid, 'SIGKILL')),
        };
        await Promise.all(sequence.map((call) => act[call]()));
        const last = ['restart', ...sequence].findLast((call) => call !== 'die');
        await eventually(() => expect(running()).toEqual(last === 'restart' ? [server.pid] : []));
        await server.stop();
        expect(running()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is given up, with the reason, after ten short lives in a row', async () => {
    const server = serverOf(() => launch('sh', '-c', 'exit 3'));
    await server.start();
    await eventually(() => expect(told.at(-1)).toBe('It stays down: it ended soon after each start'));
    expect(told.filter((text) => text === 'It ended by itself (exit code 3) and is being started again')).toHaveLength(
      11,
    );
  });

  it('is given up, with the reason, when it cannot be started any more', async () => {
    let lives = 0;
    const server = serverOf(() => (lives++ === 0 ? launch('sleep', '60') : Promise.reject(new Error('no disk'))));
    await server.start();
    process.kill(server.pid!, 'SIGKILL');
    await eventually(() => expect(told.at(-1)).toBe('It stays down: no disk'));
    expect(lives).toBe(11);
  });

  it('has its limit back after a call', async () => {
    const server = serverOf(() => launch('sh', '-c', 'exit 3'));
    await server.start();
    await eventually(() => expect(told.at(-1)).toMatch(/stays down/));
    told.length = 0;
    await server.restart('SIGKILL', 0);
    await eventually(() => expect(told.at(-1)).toMatch(/stays down/));
    expect(told).toHaveLength(12);
  });

  it('tells the caller why it could not start, and can be started afterwards', async () => {
    let refuse = true;
    const server = serverOf(() => (refuse ? Promise.reject(new Error('port taken')) : launch('sleep', '60')));
    await expect(server.start()).rejects.toThrow('port taken');
    refuse = false;
    await server.start();
    expect(running()).toEqual([server.pid]);
    await server.stop();
  });

  it('ends by SIGKILL when it ignores its signals', async () => {
    const server = serverOf(() => launch('sh', '-c', 'trap "" TERM; echo; while :; do sleep 1; done'));
    await server.start();
    await server.stop();
    expect(running()).toEqual([]);
  });
});
