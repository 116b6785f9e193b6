import { probeWrite, rowsIn } from './domain/probe-write.js';
import type { ProbeAnswer, Prober } from './clients/prober.js';
import { pause } from '#libs/replication/src/lock-keeper.js';
import type { ProbePlan } from '#libs/proof/src/plan.js';
import type { ProbeClass, ProbeRecord } from '#libs/proof/src/record.js';
import { dueOf, nextTick, type TimedClass } from '#libs/proof/src/timetable.js';

/** One window as far as its probes need it. */
export interface ProbedWindow {
  readonly windowId: string;
  readonly url: string;
  readonly plan: ProbePlan;
  readonly opensAt: string;
  /** Markers of writes that were acknowledged before this run began. */
  readonly acknowledged: readonly string[];
}

/** The writes are looked for this far into the time after the window. */
const lookShares = [0.2, 0.45, 0.7, 0.9];
const listMsMax = 5_000;

interface Tick {
  readonly of: ProbeClass;
  readonly n: number;
  readonly dueMs: number;
  readonly marker: string | null;
}

/**
 * Probes one app by the timetables of its window, from now to their end. Open loop: each probe starts when it is due, whatever became of
 * those before it. Records are given out once; what a process has not given out when it dies was not seen.
 */
export class ProbeRun {
  private records: ProbeRecord[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly acknowledged: string[];
  /** Before the window when negative. The wall clock once, then the one that nobody sets. */
  private readonly startedMs: number;
  private readonly startedAt = performance.now();

  constructor(
    private readonly window: ProbedWindow,
    private readonly prober: Prober,
    private readonly signal: AbortSignal,
  ) {
    this.acknowledged = [...window.acknowledged];
    this.startedMs = Date.now() - Date.parse(window.opensAt);
    this.records.push({ kind: 'begun', atMs: Math.max(0, this.startedMs) });
  }

  /** Resolves when everything that was due has its outcome. */
  async run(): Promise<void> {
    const { url, plan } = this.window;
    await Promise.all([
      this.follow('read', () => this.prober.read(url, plan.limitMs, this.signal)),
      this.follow('write', (n) => this.write(n)),
      this.lookForWrites(),
    ]);
    await Promise.all(this.underWay);
  }

  take(): ProbeRecord[] {
    const taken = this.records;
    this.records = [];
    return taken;
  }

  private now(): number {
    return Math.round(this.startedMs + performance.now() - this.startedAt);
  }

  /** The tick under way when a run begins again may have been probed by the run before: it is left out. */
  private async follow(of: TimedClass, ask: (n: number) => Promise<ProbeAnswer>): Promise<void> {
    const { plan, windowId } = this.window;
    const isFirst = this.startedMs < plan.readEveryMs;
    let n = nextTick(plan, of, -1, isFirst ? 0 : this.startedMs + dueOf(plan, of, 1));
    for (; n !== undefined; n = nextTick(plan, of, n, this.now())) {
      const dueMs = dueOf(plan, of, n);
      await pause(dueMs - this.now(), this.signal);
      if (this.signal.aborted) return;
      const marker = of === 'write' ? probeWrite(windowId, n).marker : null;
      this.begin(this.probe({ of, n, dueMs, marker }, ask));
    }
  }

  private begin(work: Promise<void>): void {
    const done = work.finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  private async probe(tick: Tick, ask: (n: number) => Promise<ProbeAnswer>): Promise<void> {
    const startMs = this.now();
    const { outcome, status, code } = await ask(tick.n);
    const endMs = this.now();
    this.records.push({ kind: 'sample', ...tick, startMs, endMs, outcome, status, code });
    if (tick.of !== 'write' || outcome !== 'ok') return;
    this.acknowledged.push(tick.marker!);
    this.begin(this.probe({ ...tick, of: 'read-your-write', dueMs: endMs }, () => this.readBack(tick.marker!)));
  }

  private write(n: number): Promise<ProbeAnswer> {
    const { windowId, url, plan } = this.window;
    return this.prober.write(url, probeWrite(windowId, n).text, plan.limitMs, this.signal);
  }

  private async readBack(marker: string): Promise<ProbeAnswer> {
    const { list, ...answer } = await this.prober.list(this.window.url, this.window.plan.limitMs, this.signal);
    return answer.outcome === 'ok' && !list.includes(marker) ? { ...answer, outcome: 'stale' } : answer;
  }

  /** Several times: one look alone blames nobody. */
  private async lookForWrites(): Promise<void> {
    const { plan, url } = this.window;
    for (const share of lookShares) {
      // Who comes late looks as often, a second apart.
      const lateMs = this.now() > plan.lengthMs + plan.afterMs ? 1_000 : 0;
      await pause(Math.max(plan.lengthMs + share * plan.afterMs - this.now(), lateMs), this.signal);
      if (this.signal.aborted || this.acknowledged.length === 0) return;
      const { outcome, list } = await this.prober.list(url, listMsMax, this.signal);
      const shown = this.acknowledged.filter((marker) => list.includes(marker));
      this.records.push({ kind: 'look', atMs: this.now(), answered: outcome === 'ok', rows: rowsIn(list), shown });
    }
  }
}
