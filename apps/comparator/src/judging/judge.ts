import { fork, type ChildProcess } from 'node:child_process';
import type { JudgeFindings, JudgeJob } from './judge-job.js';
import { builtRoot } from '#libs/platform/src/built-file.js';

export interface JudgeSettings {
  /** The file that the process runs. */
  readonly program: string;
  /** A job that takes longer ends its judge. */
  readonly jobMsMax: number;
  readonly heapMegabytesMax: number;
}

/** The judge died of this job, or would not end it: of what it was given, or of our machine. Who asks must find out which. */
export class JudgeLost extends Error {
  override readonly name = 'JudgeLost';
}

interface Settle {
  readonly resolve: (findings: JudgeFindings) => void;
  readonly reject: (error: Error) => void;
}

/** One judge's process: one job at a time, no files but the program, no environment but the zone that times are meant in. */
export class Judge {
  private readonly child: ChildProcess;
  private settle: Settle | undefined;
  private isGone = false;
  private isLate = false;
  jobs = 0;
  /** Whether it has done a job. */
  isProven = false;

  constructor(
    private readonly settings: JudgeSettings,
    private readonly gone: () => void,
  ) {
    const root = builtRoot(import.meta.url);
    const readable = [...['dist', 'package.json', 'node_modules'].map((name) => `${root}/${name}`), settings.program];
    this.child = fork(settings.program, [], {
      serialization: 'advanced',
      env: { TZ: 'UTC' },
      execArgv: [
        '--permission',
        ...readable.map((path) => `--allow-fs-read=${path}`),
        `--max-old-space-size=${settings.heapMegabytesMax}`,
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (findings: JudgeFindings) => {
      this.isProven = true;
      this.finish((settle) => settle.resolve(findings));
    });
    this.child.on('exit', (code, signal) => this.lose(`it ended the judge (${signal ?? code})`));
    this.child.on('error', (error) => this.lose(`the judge could not run: ${error.message}`));
  }

  /** Whether it can take a job now. */
  get isFree(): boolean {
    return this.settle === undefined && !this.isGone && this.child.connected;
  }

  async judge(job: JudgeJob): Promise<JudgeFindings> {
    this.jobs += 1;
    const late = setTimeout(() => {
      this.isLate = true;
      this.child.kill('SIGKILL');
    }, this.settings.jobMsMax);
    try {
      return await new Promise<JudgeFindings>((resolve, reject) => {
        this.settle = { resolve, reject };
        this.child.send(job, (error) => error && this.lose(`it could not be handed to the judge: ${error.message}`));
      });
    } finally {
      clearTimeout(late);
    }
  }

  /** Lets it end by itself; whatever it still has to do is lost. */
  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private lose(why: string): void {
    const reason = this.isLate ? `it took longer than ${this.settings.jobMsMax / 1_000} s` : why;
    const wasThere = !this.isGone;
    this.isGone = true;
    this.finish((settle) => settle.reject(new JudgeLost(reason)));
    if (wasThere) this.gone();
  }

  private finish(how: (settle: Settle) => void): void {
    const { settle } = this;
    this.settle = undefined;
    if (settle) how(settle);
  }
}
