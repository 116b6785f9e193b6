import fc from 'fast-check';
import { lengthOf, outagesOf } from './outages.js';
import { planFor } from './plan.js';
import { samplesOf, type ProbeRecord } from './record.js';
import { probesOf, steady, type SimulatedApp } from '../test/simulated-app.js';

const plan = planFor(60_000);
const outagesIn = (records: readonly ProbeRecord[]) => outagesOf(plan, 'read', samplesOf(records, 'read'));
const seeds = { numRuns: 400 };
const latency = fc.integer({ min: 1, max: 150 });

describe('a measured outage', () => {
  it.each<SimulatedApp['how']>(['refuses', 'answers-503', 'hangs'])(
    'of an app that %s is within one interval of the true one, each of its ends too',
    (how) => {
      const longEnough = how === 'hangs' ? plan.limitMs + 2 * plan.readEveryMs : plan.readEveryMs;
      const outage = fc.tuple(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: longEnough, max: 20_000 }));
      fc.assert(
        fc.property(outage, latency, ([fromMs, forMs], latencyMs) => {
          const trueOne = { fromMs, toMs: fromMs + forMs };
          const { outages, alone } = outagesIn(
            probesOf(plan, { ...steady, how, outages: [trueOne], latencyMs: () => latencyMs }),
          );
          expect([outages.length, alone.length]).toEqual([1, 0]);
          const measured = outages[0]!;
          expect(Math.abs(lengthOf([measured]) - forMs)).toBeLessThanOrEqual(plan.readEveryMs);
          expect(Math.abs(measured.fromMs - trueOne.fromMs)).toBeLessThanOrEqual(plan.readEveryMs);
          expect(Math.abs(measured.toMs - trueOne.toMs)).toBeLessThanOrEqual(plan.readEveryMs);
        }),
        seeds,
      );
    },
  );

  it('does not begin late because probes before it had no answer yet: the timetable goes on', () => {
    const records = probesOf(plan, { ...steady, how: 'hangs', outages: [{ fromMs: 10_000, toMs: 20_000 }] });
    const inFlight = samplesOf(records, 'read').filter((one) => one.startMs < 12_000 && one.endMs >= 12_000);
    expect(inFlight).toHaveLength(10);
  });

  it('is two when the app was back between', () => {
    const outages = [
      { fromMs: 5_000, toMs: 6_000 },
      { fromMs: 9_000, toMs: 9_400 },
    ];
    const seen = outagesIn(probesOf(plan, { ...steady, outages }));
    expect(seen.outages.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [5_000, 6_000],
      [9_000, 9_400],
    ]);
    expect(seen.outages.map(({ failed, why }) => [failed, why])).toEqual([
      [5, 'connect-refused'],
      [2, 'connect-refused'],
    ]);
  });

  it('that does not end says so, and is as long as it was seen', () => {
    const { outages } = outagesIn(probesOf(plan, { ...steady, outages: [{ fromMs: 50_000, toMs: 99_000 }] }));
    expect(outages).toMatchObject([{ fromMs: 50_000, toMs: 69_801, isOpen: true }]);
  });

  it('never holds what we did not see, wherever our gap lies', () => {
    const stretch = fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 400, max: 15_000 }));
    fc.assert(
      fc.property(stretch, stretch, ([fromMs, forMs], [blindFrom, blindFor]) => {
        const isBlind = (dueMs: number) => dueMs >= blindFrom && dueMs < blindFrom + blindFor;
        const outage = { fromMs, toMs: fromMs + forMs };
        const { outages, blind } = outagesIn(probesOf(plan, { ...steady, isBlind, outages: [outage] }));
        const truth = Array.from({ length: forMs / 10 }, (_, i) => fromMs + i * 10).filter(
          (at) => !isBlind(Math.floor(at / plan.readEveryMs) * plan.readEveryMs),
        ).length * 10; // prettier-ignore
        expect(lengthOf(outages)).toBeLessThanOrEqual(truth + 2 * plan.readEveryMs);
        expect(lengthOf(blind)).toBeGreaterThanOrEqual(blindFor - plan.readEveryMs);
        for (const one of outages)
          for (const gap of blind) expect(one.toMs <= gap.fromMs || one.fromMs >= gap.toMs).toBe(true);
      }),
      seeds,
    );
  });

  it('is not made of one request that got no answer, but of one plain no', () => {
    const records = probesOf(plan, steady);
    const change = (status: number | null, code: string | null) =>
      records.map((one) =>
        one.kind === 'sample' && one.of === 'read' && one.n === 50
          ? { ...one, outcome: 'failed' as const, status, code }
          : one,
      );
    expect(outagesIn(change(null, 'connection-lost'))).toMatchObject({ outages: [], alone: [{ n: 50 }] });
    expect(outagesIn(change(503, null))).toMatchObject({ outages: [{ fromMs: 10_000, toMs: 10_200 }], alone: [] });
    expect(outagesIn(change(null, 'connect-refused')).outages).toHaveLength(1);
  });

  it('is nothing that a probe of ours says that started an interval late, or not at all', () => {
    const late = probesOf(plan, { ...steady, lateMs: (n) => (n === 50 ? 250 : 0) });
    const notAsked = probesOf(plan, steady).map((one) =>
      one.kind === 'sample' && one.n === 50 ? { ...one, outcome: 'ours' as const, status: null, code: 'busy' } : one,
    );
    for (const records of [late, notAsked])
      expect(outagesIn(records)).toMatchObject({ outages: [], blind: [{ fromMs: 10_000, toMs: 10_200 }] });
  });
});
