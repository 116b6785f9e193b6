import type { Logger } from './logger.js';

/** One thing that has to work. Resolves when it does; its error says what is wrong. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  status: 'ok' | 'starting' | 'stopping' | 'failing';
  /** Names of the checks that fail. Why, is in the log: errors of drivers name hosts and users. */
  failing?: string[];
}

/** Readiness of one service: all checks pass within their limit, and it is not stopping. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private stopping = false;
  private started = false;
  private isDead: () => boolean = () => false;

  constructor(
    private readonly logger: Logger,
    private readonly checkTimeoutMs = 2_000,
  ) {}

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** From now on ready, if the checks say so. */
  start(): void {
    this.started = true;
  }

  /** Only another process can help then. */
  diesWhen(isDead: () => boolean): void {
    this.isDead = isDead;
  }

  get alive(): boolean {
    return !this.isDead();
  }

  /** From now on not ready: whoever balances load sends nothing new. */
  stop(): void {
    this.stopping = true;
  }

  async report(): Promise<HealthReport> {
    if (this.stopping) return { status: 'stopping' };
    if (!this.started) return { status: 'starting' };
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.run(check)] as const),
    );
    const failing = results.filter(([, problem]) => problem !== undefined);
    if (failing.length === 0) return { status: 'ok' };
    for (const [name, problem] of failing) this.logger.warn({ check: name }, `not ready: ${problem}`);
    return { status: 'failing', failing: failing.map(([name]) => name) };
  }

  private async run(check: HealthCheck): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((done) => {
      timer = setTimeout(() => done(`no answer within ${this.checkTimeoutMs} ms`), this.checkTimeoutMs);
    });
    const outcome = check().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    try {
      return await Promise.race([outcome, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
