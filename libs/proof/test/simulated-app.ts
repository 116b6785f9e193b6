import type { ProbePlan } from '../src/plan.js';
import type { ProbeClass, ProbeRecord, Sample } from '../src/record.js';
import { dueOf, ticksOf } from '../src/timetable.js';

/** For tests: what probes of an app would have seen whose outages are known. */
export interface SimulatedApp {
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** How it is down: it refuses at once, answers 503, or lets requests hang until it is back. */
  readonly how: 'refuses' | 'answers-503' | 'hangs';
  readonly latencyMs: (n: number) => number;
  /** How late our own timer is; an interval or more is a gap of ours. */
  readonly lateMs: (n: number) => number;
  /** Ticks that we did not probe. */
  readonly isBlind: (dueMs: number) => boolean;
  /** Positions of acknowledged writes that are gone afterwards. */
  readonly lost: readonly number[];
}

export const steady: SimulatedApp = {
  ...{ outages: [], how: 'refuses' as const, latencyMs: () => 5, lateMs: () => 0, isBlind: () => false, lost: [] },
};

export const windowOf = (plan: ProbePlan): ProbeRecord => ({
  kind: 'window',
  ...{ windowId: '01980000-0000-7000-8000-000000000001', appId: '01980000-0000-7000-8000-000000000002' },
  ...{ appName: 'Ada “the first”', url: 'https://ada.example.org', declaredBy: 'owner' },
  opensAt: '2026-11-26T10:00:00.000Z',
  plan,
});

export function probesOf(plan: ProbePlan, app: SimulatedApp): ProbeRecord[] {
  const reads = probe(plan, 'read', app);
  const writes = probe(plan, 'write', app);
  const seen = writes.filter(({ outcome }) => outcome === 'ok').map((write) => readBack(write));
  const shown = seen.map(({ marker }) => marker!).filter((_, i) => !app.lost.includes(i));
  const looks = [2_000, 5_000, 8_000].map((afterMs): ProbeRecord => ({
    ...{ kind: 'look', atMs: plan.lengthMs + afterMs, answered: true, rows: shown.length, shown },
  }));
  const samples = [...reads, ...writes, ...seen].toSorted((a, b) => a.endMs - b.endMs);
  return [windowOf(plan), { kind: 'begun', atMs: 0 }, ...samples, ...looks];
}

function probe(plan: ProbePlan, of: 'read' | 'write', app: SimulatedApp): Sample[] {
  return Array.from({ length: ticksOf(plan, of) }, (_, n) => n).flatMap((n) => {
    const dueMs = dueOf(plan, of, n);
    if (app.isBlind(dueMs)) return [];
    const startMs = dueMs + app.lateMs(n);
    const marker = of === 'write' ? `~${String(n).padStart(10, '0')}` : null;
    return [
      {
        kind: 'sample',
        of,
        n,
        dueMs,
        startMs,
        marker,
        ...answer(plan, of, app, { startMs, latencyMs: app.latencyMs(n) }),
      },
    ];
  });
}

function answer(
  plan: ProbePlan,
  of: ProbeClass,
  app: SimulatedApp,
  { startMs, latencyMs }: { startMs: number; latencyMs: number },
) {
  const outage = app.outages.find(({ fromMs, toMs }) => startMs >= fromMs && startMs < toMs);
  const failure = of === 'read' ? ('failed' as const) : ('unknown' as const);
  if (!outage) return { endMs: startMs + latencyMs, outcome: 'ok' as const, status: 200, code: null };
  if (app.how === 'answers-503') return { endMs: startMs + latencyMs, outcome: failure, status: 503, code: null };
  if (app.how === 'refuses') return { endMs: startMs + 1, outcome: failure, status: null, code: 'connect-refused' };
  const backMs = outage.toMs + latencyMs;
  if (backMs - startMs <= plan.limitMs) return { endMs: backMs, outcome: 'ok' as const, status: 200, code: null };
  return { endMs: startMs + plan.limitMs, outcome: failure, status: null, code: 'headers-timeout' };
}

const readBack = (write: Sample): Sample => ({
  ...write,
  of: 'read-your-write',
  ...{ dueMs: write.endMs, startMs: write.endMs, endMs: write.endMs + 5 },
});
