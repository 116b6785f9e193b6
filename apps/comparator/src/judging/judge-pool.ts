import { Judge, type JudgeSettings } from './judge.js';
import type { JudgeFindings, JudgeJob } from './judge-job.js';
import { builtFile } from '#libs/platform/src/built-file.js';

export interface PoolSettings extends JudgeSettings {
  readonly judgesMax: number;
  /** A judge is replaced after so many jobs. */
  readonly jobsPerJudge: number;
  /** A job that has waited so long for the first judge is given to another. */
  readonly spareAfterMs: number;
  /** After a judge that ended before it had done a job the next one is hired so much later, and later by as much after each one more. */
  readonly restMs: number;
  readonly restMsMax: number;
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
  restMs: 100,
  restMsMax: 2_000,
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
  private wake: NodeJS.Timeout | undefined;
  /** Judges in a row that ended before they had done a job: where none can run, starting more of them keeps the machine busy and no more. */
  private unproven = 0;
  private hireFrom = 0;
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
    clearTimeout(this.wake);
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
    if (leftMs > 0) return this.nextIn(leftMs);
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
    const restMs = this.hireFrom - performance.now();
    if (restMs > 0) return this.nextIn(restMs);
    const judge = new Judge(this.settings, () => this.lost(judge));
    this.judges.add(judge);
    return judge;
  }

  private lost(judge: Judge): void {
    this.unproven = judge.isProven ? 0 : this.unproven + 1;
    const restMs = Math.min(this.unproven * this.settings.restMs, this.settings.restMsMax);
    this.hireFrom = performance.now() + restMs;
    this.retire(judge);
  }

  private nextIn(ms: number): undefined {
    this.wake ??= setTimeout(() => {
      this.wake = undefined;
      this.next();
    }, ms);
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
