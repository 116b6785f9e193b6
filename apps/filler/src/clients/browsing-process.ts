import { fork, type ChildProcess } from 'node:child_process';
import type {
  BrowsingSettings,
  FormToSubmit,
  FromBrowsing,
  OpenFailure,
  PageAnswer,
  PausedPost,
  Submitted,
  ToBrowsing,
} from '../browsing/messages.js';
import { later } from '../in-time.js';
import { unpackChromium } from '#libs/local/src/chromium.js';
import { silentProgress } from '#libs/local/src/progress.js';
import { builtFile } from '#libs/platform/src/built-file.js';

export interface ProcessLimits {
  /** The file that the process runs. */
  readonly program: string;
  readonly heapMegabytesMax: number;
  readonly startMsMax: number;
  /** Longer than the process itself lets anything last: past this it hangs, and is ended. */
  readonly openMsMax: number;
  readonly submitMsMax: number;
  readonly closeMsMax: number;
  readonly endMsMax: number;
}

const processLimits: ProcessLimits = {
  program: builtFile(import.meta.url, '../browsing/browsing-program.js'),
  heapMegabytesMax: 256,
  startMsMax: 20_000,
  openMsMax: 50_000,
  submitMsMax: 50_000,
  closeMsMax: 12_000,
  endMsMax: 6_000,
};

/** The process has ended, or was ended because it hung; with it all its visits. Nobody's fault but ours. */
export class BrowsingLost extends Error {
  override readonly name = 'BrowsingLost';

  constructor(
    /** False: it had ended before it was told anything of this. */
    readonly wasTold: boolean,
  ) {
    super('the browsing process has ended');
  }
}

type Said<Kind extends FromBrowsing['said']> = Extract<FromBrowsing, { said: Kind }>;

interface Waiting {
  readonly said: FromBrowsing['said'];
  readonly resolve: (message: never) => void;
  readonly reject: (error: Error) => void;
}

/** One visit as the filler sees it. */
export interface OpenedVisit {
  readonly failure: OpenFailure | null;
  /** Who sends what the page would have sent; told before `submit`. */
  onPost: (request: PausedPost) => Promise<PageAnswer | null>;
  submit(form: FormToSubmit): Promise<Submitted>;
  close(): Promise<void>;
}

/** How such a process is started; Chromium is looked for, and unpacked where it must be, before. Throws when none runs here. */
export const browsingStarter =
  (settings: Omit<BrowsingSettings, 'chromium'>, chromiumPath?: string) => async (): Promise<BrowsingProcess> => {
    const given = chromiumPath === undefined ? undefined : { CHROMIUM_PATH: chromiumPath };
    return new BrowsingProcess({ ...settings, chromium: await unpackChromium(silentProgress, given) });
  };

/** A process of browsing-program.ts: nothing of our environment, a group of its own, little memory. It ends with this one. */
export class BrowsingProcess {
  private readonly limits: ProcessLimits;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly onPost = new Map<number, OpenedVisit['onPost']>();
  private readonly ready = later();
  private readonly exited = later();
  private readonly starting: NodeJS.Timeout;
  private lastVisit = 0;
  private isLost = false;
  private isEnding = false;

  constructor(settings: BrowsingSettings, limits: Partial<ProcessLimits> = {}) {
    this.limits = { ...processLimits, ...limits };
    this.child = fork(this.limits.program, [JSON.stringify(settings)], {
      serialization: 'advanced',
      detached: true,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' }, // some systems start Chromium by a script
      execArgv: [`--max-old-space-size=${this.limits.heapMegabytesMax}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ready.promise.catch(() => undefined); // told to whoever opens a visit
    this.starting = setTimeout(() => this.kill(), this.limits.startMsMax);
    this.child.on('message', (message: FromBrowsing) => this.hear(message));
    for (const end of ['exit', 'error', 'disconnect'] as const) this.child.on(end, () => this.lose());
    this.child.once('exit', () => this.exited.resolve());
    this.child.once('error', () => this.exited.resolve());
  }

  get isUsable(): boolean {
    return !this.isLost;
  }

  /** How many visits it has had. */
  get visits(): number {
    return this.lastVisit;
  }

  async open(appUrl: string): Promise<OpenedVisit> {
    await this.ready.promise;
    const visit = (this.lastVisit += 1);
    const { failure } = await this.ask({ do: 'open', visit, appUrl }, 'opened', this.limits.openMsMax);
    const opened: OpenedVisit = {
      failure,
      onPost: () => Promise.resolve(null),
      submit: async (form) => (await this.ask({ do: 'submit', visit, form }, 'submitted', this.limits.submitMsMax)).how,
      close: async () => {
        this.onPost.delete(visit);
        await this.ask({ do: 'close', visit }, 'closed', this.limits.closeMsMax);
      },
    };
    this.onPost.set(visit, (request) => opened.onPost(request));
    return opened;
  }

  /** Lets it end in order, with its browsers; kills it when it does not. */
  async end(): Promise<void> {
    this.isEnding = true;
    const late = setTimeout(() => this.kill(), this.limits.endMsMax);
    if (this.child.connected) this.child.disconnect();
    await this.exited.promise;
    clearTimeout(late);
  }

  /** At once. Its browsers end with it: the kernel sees to that. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  private hear(message: FromBrowsing): void {
    if (message.said === 'ready') {
      clearTimeout(this.starting);
      return this.ready.resolve();
    }
    if (message.said === 'post') return void this.carry(message);
    const waiting = this.waiting.get(message.visit);
    if (waiting?.said !== message.said) return;
    this.waiting.delete(message.visit);
    waiting.resolve(message as never);
  }

  private async carry({ visit, post, request }: Said<'post'>): Promise<void> {
    const carried = Promise.resolve(this.onPost.get(visit)?.(request));
    const answer = (await carried.catch(() => undefined)) ?? null; // malformed: for the page a network error
    this.tell({ do: 'answer', visit, post, answer });
  }

  /** One question of a visit at a time. */
  private async ask<Kind extends FromBrowsing['said']>(
    message: ToBrowsing,
    said: Kind,
    msMax: number,
  ): Promise<Said<Kind>> {
    const late = setTimeout(() => this.kill(), msMax);
    try {
      return await new Promise<Said<Kind>>((resolve, reject) => {
        if (this.isLost) return reject(new BrowsingLost(false));
        this.waiting.set(message.visit, { said, resolve, reject });
        this.tell(message);
      });
    } finally {
      clearTimeout(late);
    }
  }

  private tell(message: ToBrowsing): void {
    if (this.child.connected) this.child.send(message, (error) => error && this.lose());
  }

  private lose(): void {
    if (this.isLost) return;
    this.isLost = true;
    clearTimeout(this.starting);
    // Without a way to be told anything it is of no use.
    if (!this.isEnding) this.kill();
    const lost = new BrowsingLost(true);
    this.ready.reject(lost);
    for (const { reject } of this.waiting.values()) reject(lost);
    this.waiting.clear();
  }
}
