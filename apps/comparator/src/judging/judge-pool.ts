import { Judge, type JudgeSettings } from './judge.js';
import type { JudgeFindings, JudgeJob } from './judge-job.js';
import { builtFile } from '#libs/platform/src/built-file.js';

export interface PoolSettings extends JudgeSettings {
  readonly judgesMax: number;
  /** A judge is replaced after so many jobs. */
  readonly jobsPerJudge: number;
  /** A job that has waited so long for the first judge is given to another. */
  readonly spareAfterMs: number;
  /** Longer than this no job waits for a judge. */
  readonly waitMsMax: number;
}

/**
 * One judge does a thousand looks a second, and the longer the quicker; the second is there when it has met a body that takes it long.
 * A look of rows that nobody should send takes a second; the rest is for a machine that stands still.
 */
export const poolSettings: PoolSettings = {
  program: builtFile(import.meta.url, './judge-child.js'),
  judgesMax: 2,
  jobsPerJudge: 5_000,
  jobMsMax: 10_000,
  heapMegabytesMax: 512,
  spareAfterMs: 100,
  waitMsMax: 60_000,
};

interface Waiting {
  readonly job: JudgeJob;
  readonly resolve: (findings: JudgeFindings) => void;
  readonly reject: (error: Error) => void;
  readonly late: NodeJS.Timeout;
  readonly since: number;
}

/**
 * Judges looks in child processes. A judge that dies or takes too long costs its one job a `JudgeLost`; every other error of a job is
 * our own. A judge counts as long as it can take jobs: one that retires or is lost makes room for the next at once.
 */
export class JudgePool {
  private readonly waiting: Waiting[] = [];
  private readonly judges = new Set<Judge>();
  private spareTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly settings: PoolSettings = poolSettings) {}

  judge(job: JudgeJob): Promise<JudgeFindings> {
    if (this.closed) return Promise.reject(new Error('the judges are closed'));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.giveUp(one), this.settings.waitMsMax);
      const one: Waiting = { job, resolve, reject, late, since: performance.now() };
      this.waiting.push(one);
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.spareTimer);
    for (const judge of this.judges) judge.end();
    for (const one of this.waiting.splice(0)) this.refuse(one, 'the judges are closed');
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const judge = this.first() ?? this.spare();
      if (!judge) return;
      void this.give(judge, this.waiting.shift()!);
    }
  }

  private first(): Judge | undefined {
    const [judge] = this.judges;
    return judge ? free(judge) : this.hire();
  }

  private spare(): Judge | undefined {
    const leftMs = this.waiting[0]!.since + this.settings.spareAfterMs - performance.now();
    if (leftMs > 0) {
      this.spareTimer ??= setTimeout(() => {
        this.spareTimer = undefined;
        this.next();
      }, leftMs);
      return undefined;
    }
    const others = [...this.judges].slice(1);
    return others.find(free) ?? (this.judges.size < this.settings.judgesMax ? this.hire() : undefined);
  }

  private async give(judge: Judge, { job, resolve, reject, late }: Waiting): Promise<void> {
    clearTimeout(late);
    try {
      resolve(await judge.judge(job));
    } catch (error) {
      reject(error as Error);
    }
    if (judge.jobs >= this.settings.jobsPerJudge) this.retire(judge);
    this.next();
  }

  private hire(): Judge | undefined {
    if (this.closed) return undefined;
    const judge = new Judge(this.settings, () => this.retire(judge));
    this.judges.add(judge);
    return judge;
  }

  /** It takes no further job; whoever waits gets another judge. */
  private retire(judge: Judge): void {
    judge.end();
    if (this.judges.delete(judge)) this.next();
  }

  private giveUp(one: Waiting): void {
    this.waiting.splice(this.waiting.indexOf(one), 1);
    this.refuse(one, `no judge became free in ${this.settings.waitMsMax / 1_000} s`);
  }

  private refuse({ reject, late }: Waiting, why: string): void {
    clearTimeout(late);
    reject(new Error(why));
  }
}

const free = (judge: Judge): Judge | undefined => (judge.isFree ? judge : undefined);
