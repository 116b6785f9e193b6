import { fork, type ChildProcess } from 'node:child_process';
import type { JudgeFindings, JudgeJob } from './judge-job.js';
import { builtFile, builtRoot } from '#libs/platform/src/built-file.js';

/** Two judges keep two cores busy; each is replaced after this many jobs, and ended when one job takes this long. */
const judgesMax = 2;
const jobsPerJudge = 500;
const jobMsMax = 20_000;
const heapMegabytesMax = 512;

interface Waiting {
  readonly job: JudgeJob;
  readonly resolve: (findings: JudgeFindings) => void;
  readonly reject: (error: Error) => void;
}

/** Judges looks in child processes. A judge that dies or hangs costs its one job an error, which is our fault and nobody's. */
export class JudgePool {
  private readonly waiting: Waiting[] = [];
  private readonly judges = new Set<Judge>();
  private closed = false;

  judge(job: JudgeJob): Promise<JudgeFindings> {
    if (this.closed) return Promise.reject(new Error('the judges are closed'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    for (const judge of this.judges) judge.end();
    for (const { reject } of this.waiting.splice(0)) reject(new Error('the judges are closed'));
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    const judge = [...this.judges].find((one) => one.idle) ?? (this.judges.size < judgesMax ? this.hire() : undefined);
    if (!judge) return;
    const { job, resolve, reject } = this.waiting.shift()!;
    void judge
      .judge(job)
      .then(resolve, reject)
      .finally(() => this.next());
  }

  private hire(): Judge {
    const judge = new Judge(() => this.judges.delete(judge));
    this.judges.add(judge);
    return judge;
  }
}

class Judge {
  private readonly child: ChildProcess;
  private jobs = 0;
  private settle: { resolve: (findings: JudgeFindings) => void; reject: (error: Error) => void } | undefined;

  constructor(gone: () => void) {
    const root = builtRoot(import.meta.url);
    const readable = ['dist', 'package.json', 'node_modules'].map((name) => `--allow-fs-read=${root}/${name}`);
    this.child = fork(builtFile(import.meta.url, './judge-child.js'), [], {
      serialization: 'advanced',
      env: {},
      execArgv: ['--permission', ...readable, `--max-old-space-size=${heapMegabytesMax}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (findings: JudgeFindings) => this.finish((settle) => settle.resolve(findings)));
    this.child.on('exit', (code, signal) => {
      gone();
      this.finish((settle) => settle.reject(new Error(`the judge ended (${signal ?? code})`)));
    });
    this.child.on('error', (error) => this.finish((settle) => settle.reject(error)));
  }

  get idle(): boolean {
    return this.settle === undefined && this.child.connected && this.jobs < jobsPerJudge;
  }

  judge(job: JudgeJob): Promise<JudgeFindings> {
    this.jobs += 1;
    const late = setTimeout(() => this.child.kill('SIGKILL'), jobMsMax);
    return new Promise<JudgeFindings>((resolve, reject) => {
      this.settle = { resolve, reject };
      this.child.send(job, (error) => error && this.finish((settle) => settle.reject(error)));
    }).finally(() => {
      clearTimeout(late);
      if (this.jobs >= jobsPerJudge) this.end();
    });
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private finish(how: (settle: NonNullable<Judge['settle']>) => void): void {
    const { settle } = this;
    this.settle = undefined;
    if (settle) how(settle);
  }
}
