/** One thing that has to work. Resolves when it does; its error says what is wrong. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  status: 'ok' | 'stopping' | 'failing';
  checks?: Record<string, string>;
}

/** Readiness of one service: all checks pass within their limit, and it is not stopping. */
export class Health {
  private readonly checks = new Map<string, HealthCheck>();
  private stopping = false;

  constructor(private readonly checkTimeoutMs = 2_000) {}

  add(name: string, check: HealthCheck): void {
    this.checks.set(name, check);
  }

  /** From now on not ready: whoever balances load sends nothing new. */
  stop(): void {
    this.stopping = true;
  }

  async report(): Promise<HealthReport> {
    if (this.stopping) return { status: 'stopping' };
    const results = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.run(check)] as const),
    );
    const failing = results.filter(([, problem]) => problem !== undefined);
    if (failing.length === 0) return { status: 'ok' };
    return { status: 'failing', checks: Object.fromEntries(failing.map(([name, problem]) => [name, problem ?? ''])) };
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
