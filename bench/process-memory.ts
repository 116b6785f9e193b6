import { readFileSync } from 'node:fs';

const everyMs = 50;
const mib = 1024 * 1024;

/** Watches how much memory a process and its children have resident, together; what they share counts once for each. Linux only. */
export class MemoryWatch {
  private peakBytes = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(), everyMs);
    this.look();
  }

  /** The most at once since this was asked for last. */
  takePeakMib(): number {
    const peak = this.peakBytes;
    this.peakBytes = 0;
    this.look();
    return peak / mib;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const all = [this.pid, ...childrenOf(this.pid)];
    const bytes = all.reduce((sum, pid) => sum + residentBytes(pid), 0);
    this.peakBytes = Math.max(this.peakBytes, bytes);
  }
}

function childrenOf(pid: number): number[] {
  return textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function residentBytes(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(textOf(`/proc/${pid}/status`)) ?? [];
  return Number(kib ?? 0) * 1024;
}

/** Of a process that has ended: nothing. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
