import { readdirSync, readFileSync } from 'node:fs';

/**
 * Bytes that the processes of each group hold and that nothing but their end gives back (anonymous and shared memory; not the pages of
 * program files, which all browsers share). Linux only: elsewhere nothing is known, and the other limits have to do.
 */
export function memoryOfGroups(groups: ReadonlySet<number>): Map<number, number> {
  const held = new Map<number, number>();
  if (process.platform !== 'linux' || groups.size === 0) return held;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const group = Number(groupOf(pid));
    if (groups.has(group)) held.set(group, (held.get(group) ?? 0) + heldBy(pid));
  }
  return held;
}

/** The fifth field of stat(5); the second, the name, may hold anything. */
const groupOf = (pid: string): string | undefined => {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
};

function heldBy(pid: string): number {
  const status = read(`/proc/${pid}/status`);
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has just ended
  }
}
