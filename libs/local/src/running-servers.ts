// Finding the servers of an owner that was killed: they may take a moment to end after it, and hold data and port till then.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningServer {
  pid: number;
  /** Arguments joined by spaces, or the title the process gave itself. */
  command: string;
}

/**
 * The living processes of the program `program`, run by the user `uid`, whose command line holds `tag`. Command lines are
 * the one thing that /proc shows of other users' processes in any container. A process id alone proves nothing: they recur.
 */
export function findServers(program: string, tag: string, uid = process.getuid?.()): RunningServer[] {
  const isProgram = new RegExp(`^(\\S*/)?${program}(:|\\s|$)`);
  const all = process.platform === 'linux' ? listProc(uid) : listPs();
  return all.filter(({ command }) => command.includes(tag) && isProgram.test(command));
}

function listProc(uid: number | undefined): RunningServer[] {
  const servers: RunningServer[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (uid !== undefined && statSync(`/proc/${entry}`).uid !== uid) continue;
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      servers.push({ pid: Number(entry), command });
    } catch {
      continue; // it ended while we looked
    }
  }
  return servers;
}

function listPs(): RunningServer[] {
  const lines = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).stdout ?? '';
  return [...lines.matchAll(/^\s*(\d+)\s+(.*)$/gm)].map(([, pid, command]) => ({
    pid: Number(pid),
    command: command!,
  }));
}

/** What to send next to servers that still run, and how long they may take over it. */
export type EndStep = readonly [signal: NodeJS.Signals, deadlineMs: number];

/** Ends what `find` finds, step by step, and returns when nothing is left; throws when the last deadline has passed. */
export async function endServers(find: () => RunningServer[], steps: readonly EndStep[]): Promise<void> {
  for (const [signal, deadlineMs] of steps) {
    const found = find();
    if (found.length === 0) return;
    for (const { pid } of found) signalIfAlive(pid, signal);
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      if (find().length === 0) return;
      await sleep(20);
    }
  }
  const left = find();
  if (left.length > 0) throw new Error(`A former server does not end: ${left[0]!.command} (kill -9 ${left[0]!.pid})`);
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ESRCH') throw e;
  }
}
