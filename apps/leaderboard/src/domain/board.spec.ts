import fc from 'fast-check';
import { movesRanks, ranks, type Ranked } from './ranking.js';
import { withOverride } from './override.js';
import { joined, left, unheardOf, withFailure, withFill, withParity, withWindow, type Standing } from './standing.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { TargetFilled } from '#libs/contracts/src/filler.js';
import type { GivenVerdict } from '#libs/contracts/src/overrides.js';
import type { Verdict } from '#libs/contracts/src/shapes.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
const endpoint = (verdict: Verdict, missing = 0, path = '/p') =>
  ({
    path,
    label: 'p',
    verdict,
    matched: 1,
    missing,
    changed: 0,
    doubled: 0,
    outside: 0,
    note: null,
  }) as const;
const parity = (part: Partial<DataOf<typeof ParityComputed>> = {}): DataOf<typeof ParityComputed> => ({
  comparisonId: 'c',
  batchId: 'b',
  appId: 'a',
  trigger: 'staff',
  verdict: 'in-sync',
  sentence: 'In sync.',
  endpoints: [endpoint('in-sync')],
  rowsDifferent: 0,
  acknowledged: 3,
  lostAfterAck: 0,
  looks: 1,
  computedAt: at(0),
  ...part,
});
const submitted = {
  isPseudonym: false,
  appId: 'a',
  name: 'Ada',
  team: null,
  url: 'http://a.example',
  joinedAt: at(0),
};
const evidence = { traceId: 't' };
const failure: DataOf<typeof ComparisonFailed> = {
  comparisonId: 'c2',
  batchId: 'b',
  appId: 'a',
  trigger: 'staff',
  side: 'baseline',
  sentence: 'No baseline.',
  computedAt: at(5),
};
const fresh = () => joined(unheardOf('a', new Date(at(0))), submitted);

describe('a standing', () => {
  it('takes a verdict that overtook the submission', () => {
    const early = withParity(unheardOf('a', new Date(at(0))), parity(), evidence);
    expect(early.known).toBe(false);
    expect(joined(early, submitted)).toMatchObject({ known: true, name: 'Ada', verdict: 'in-sync' });
  });

  it('is never changed by an older verdict that comes late', () => {
    const now = withParity(fresh(), parity({ computedAt: at(9) }), evidence);
    expect(withParity(now, parity({ verdict: 'out-of-sync', computedAt: at(3) }), evidence)).toBe(now);
    expect(withFailure(now, failure, evidence)).toBe(now);
  });

  it('keeps what was judged when we fail, and says that we do not know', () => {
    const judged = withParity(fresh(), parity(), evidence);
    expect(withFailure(judged, failure, evidence)).toMatchObject({
      verdict: 'unknown',
      judged: judged.judged,
      inSyncSince: judged.inSyncSince,
    });
  });

  it('is not judged by a second look under way', () => {
    const judged = withParity(fresh(), parity(), evidence);
    const looking = withParity(
      judged,
      parity({ verdict: 'pending', endpoints: [endpoint('out-of-sync')], computedAt: at(2) }),
      evidence,
    );
    expect(looking).toMatchObject({ verdict: 'pending', judged: judged.judged, recent: ['in-sync'] });
  });

  it('changes its verdict and sentence when a second look is coming, and nothing else, also when that look fails', () => {
    const judged = withParity(fresh(), parity({ acknowledged: 9 }), evidence);
    const pending = parity({
      verdict: 'pending',
      sentence: 'Looking again.',
      endpoints: [],
      acknowledged: 0,
      computedAt: at(2),
    });
    const looking = withParity(judged, pending, { traceId: 'u' });
    const { verdict, sentence, saidAt, ...rest } = looking;
    expect([verdict, sentence, saidAt]).toEqual(['pending', 'Looking again.', new Date(at(2))]);
    expect(judged).toMatchObject(rest);
    expect(withFailure(looking, failure, evidence)).toMatchObject({
      verdict: 'unknown',
      endpoints: judged.endpoints,
      lostAfterAck: 0,
      rowsDifferent: 0,
      acknowledged: 9,
    });
  });

  it('keeps what an endpoint has lost until its rows are judged again: hiding them helps nobody', () => {
    const lost = parity({
      verdict: 'out-of-sync',
      endpoints: [endpoint('out-of-sync', 3), endpoint('in-sync', 0, '/q')],
    });
    const hidden = parity({
      verdict: 'unreachable',
      computedAt: at(1),
      endpoints: [endpoint('unreachable'), endpoint('pending', 0, '/q')],
    });
    const healed = parity({ computedAt: at(2), endpoints: [endpoint('in-sync'), endpoint('in-sync', 0, '/q')] });
    const [one, two, three] = [[lost], [lost, hidden], [lost, hidden, healed]].map((all) =>
      all.reduce((standing, data) => withParity(standing, data, evidence), fresh()),
    );
    expect(one).toMatchObject({ lostAfterAck: 3, judged: { endpointsInSync: 1 } });
    expect(two).toMatchObject({ lostAfterAck: 3, judged: { endpointsInSync: 1, lostAfterAck: 3 } });
    expect(three).toMatchObject({ lostAfterAck: 0, judged: { endpointsInSync: 2, lostAfterAck: 0 } });
  });

  it('remembers the last twenty verdicts and since when it has been in sync', () => {
    let standing: Standing = fresh();
    for (let minute = 0; minute < 30; minute += 1)
      standing = withParity(
        standing,
        parity({ computedAt: at(minute), verdict: minute === 10 ? 'out-of-sync' : 'in-sync' }),
        evidence,
      );
    expect(standing.recent).toHaveLength(20);
    expect(standing.inSyncSince?.toISOString()).toBe(at(11));
  });

  it('begins with a clean sheet when a withdrawn app returns', () => {
    const gone = left(withParity(fresh(), parity(), evidence), new Date(at(3)));
    expect(joined(gone, { ...submitted, joinedAt: at(4) })).toMatchObject({
      leftAt: null,
      judged: null,
      recent: [],
      verdict: 'pending',
    });
  });

  it('is the same in whatever order the logs of its events overtake one another', () => {
    const event = fc.record({
      kind: fc.constantFrom('submission', 'submission', 'comparator', 'comparator', 'comparator', 'filler'),
      what: fc.nat(),
      gap: fc.integer({ min: 1, max: 5 }),
    });
    const picks = fc.array(fc.nat({ max: 2 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), picks, picks, (events, order, other) => {
        const logs = logsOf(events);
        const play = (turns: readonly number[]) =>
          interleaved(logs, turns).reduce((standing, apply) => apply(standing), unheardOf('a', new Date(0)));
        expect(play(order)).toEqual(play(other));
      }),
      { numRuns: 2_000 },
    );
  });
});

type Apply = (standing: Standing) => Standing;
interface LogEvent {
  readonly kind: string;
  readonly what: number;
  readonly gap: number;
}

/** One life of an app: each event has a time of its own, and goes to the log of its sender. */
function logsOf(events: readonly LogEvent[]): Apply[][] {
  const logs: Record<string, Apply[]> = { submission: [], comparator: [], filler: [] };
  let minute = 0;
  let takesPart = true;
  let joinedAt = at(0);
  let compared = { id: 'none', verdict: verdictOf(0) };
  logs['submission']!.push((standing) => joined(standing, submitted));
  for (const { kind, what, gap } of events) {
    const time = at((minute += gap));
    if (kind === 'submission' && takesPart && what % 3 !== 0) {
      takesPart = false;
      logs[kind]!.push((standing) => left(standing, new Date(time)));
    } else if (kind === 'submission') {
      if (!takesPart) joinedAt = time;
      takesPart = true;
      const data = { ...submitted, name: `Ada ${minute}`, joinedAt };
      logs[kind]!.push((standing) => joined(standing, data));
    } else if (kind === 'filler' && what % 2) logs[kind]!.push((standing) => withWindow(standing, watched(what, time)));
    else if (kind === 'filler') logs[kind]!.push((standing) => withFill(standing, filled(what % 3, time)));
    else if (what % 8 < 3) logs[kind]!.push(overrideAt(what, time, compared));
    else {
      logs[kind]!.push(verdictAt(what, time));
      if (verdictOf(what) !== 'pending') compared = { id: time, verdict: verdictOf(what) };
    }
  }
  return Object.values(logs);
}

/** Staff say something of the newest comparison, or take it back. */
function overrideAt(what: number, time: string, compared: { id: string; verdict: Verdict }): Apply {
  const verdict = ([null, 'in-sync', 'out-of-sync', 'unknown', 'unreachable'] as const)[what % 5]!;
  const said = { verdict, sentence: `${verdict} by staff`, reason: 'Seen.', by: 'teacher', at: time };
  const machine = { verdict: compared.verdict as GivenVerdict, sentence: 'As compared.' };
  return (standing) =>
    withOverride(standing, { comparisonId: compared.id, appId: 'a', ...said, machine, paths: ['/p', '/q'] });
}

const verdictOf = (what: number) =>
  (['in-sync', 'out-of-sync', 'unreachable', 'pending', 'unknown'] as const)[what % 5]!;

function verdictAt(what: number, time: string): Apply {
  const verdict = verdictOf(what);
  const sentence = `${verdict} at ${time}`;
  const data = { ...failure, comparisonId: time, sentence, computedAt: time };
  if (verdict === 'unknown') return (standing) => withFailure(standing, data, { traceId: time });
  const paths = [
    endpoint(verdict, verdict === 'out-of-sync' ? (what % 7) + 1 : 0),
    endpoint(what % 2 ? 'in-sync' : 'unreachable', 0, '/q'),
  ];
  return (standing) =>
    withParity(standing, parity({ comparisonId: time, verdict, sentence, endpoints: paths, computedAt: time }), { traceId: time }); // prettier-ignore
}

const filled = (refused: number, endedAt: string): DataOf<typeof TargetFilled> => ({
  ...{
    fillId: 'f',
    number: 1,
    targetId: 'a',
    role: 'app',
    targetName: 'Ada',
    driver: 'http',
    outcome: 'partly',
    note: null,
    endedAt,
  },
  writes: Array.from(
    { length: refused },
    () => ({ outcome: 'refused' }) as DataOf<typeof TargetFilled>['writes'][number],
  ),
});

const watched = (what: number, declaredAt: string): DataOf<typeof ProbeWindowClosed> => ({
  ...{ windowId: `w${declaredAt}`, appId: 'a', appName: 'Ada', reasons: [], lost: 0, head: '', declaredAt },
  verdict: (['proven', 'not-proven', 'violated'] as const)[what % 3]!,
  downtimeMs: { read: what % 3 === 2 ? (what % 5) * 200 : 0, write: 0 },
  closedAt: declaredAt,
});

/** The events of all logs, each log in its order; `turns` says whose is next. */
function interleaved(logs: readonly (readonly Apply[])[], turns: readonly number[]): Apply[] {
  const left = logs.map((log) => [...log]);
  const order: Apply[] = [];
  for (const turn of turns) {
    const log = left[turn % left.length]!;
    if (log.length > 0) order.push(log.shift()!);
  }
  return [...order, ...left.flat()];
}

describe('ranks', () => {
  const ranked = (appId: string, endpointsInSync: number, lostAfterAck = 0, more: Partial<Ranked> = {}) => ({
    appId,
    verdict: 'in-sync' as const,
    judged: { at: at(0), endpointsInSync, endpoints: 4, lostAfterAck, byPath: {} },
    refused: 0,
    downtime: null,
    inSyncSince: null,
    ...more,
  });
  const order = (...standings: Ranked[]) => [...ranks(standings)].map(([appId]) => appId);

  it('puts more endpoints first, then fewer lost rows; ties share and are counted', () => {
    const result = ranks([ranked('c', 2, 5), ranked('a', 4), ranked('b', 4), ranked('d', 2, 9)]);
    expect([...result]).toEqual([['a', 1], ['b', 1], ['c', 3], ['d', 4]]); // prettier-ignore
  });

  it('never puts unknown above an equal fresh verdict, and gives no rank before the first judgement', () => {
    const result = ranks([
      ranked('u', 4, 0, { verdict: 'unknown' }),
      ranked('f', 4),
      { ...ranked('n', 0), judged: null },
    ]);
    expect([...result]).toEqual([['f', 1], ['u', 2]]); // prettier-ignore
  });

  it('puts nothing that is unknown or stale above anything fresh', () => {
    const stale = ranked('s', 4);
    const old = { ...stale, judged: { ...stale.judged!, at: new Date(Date.parse(at(0)) - 3_700_000).toISOString() } };
    expect(order(ranked('u', 4, 0, { verdict: 'unknown' }), ranked('f', 3, 9), old, ranked('g', 0))).toEqual([
      'f',
      'g',
      'u',
      's',
    ]);
    expect(order(old)).toEqual(['s']);
  });

  it('does not reward an app that refuses its writes', () => {
    const early = new Date(at(-100));
    expect(
      order(ranked('r', 4, 0, { refused: 7, inSyncSince: early }), ranked('a', 4, 0, { inSyncSince: new Date(at(0)) })),
    ).toEqual(['a', 'r']);
  });

  it('may change by whatever decides them, and by nothing else', () => {
    const change = fc.record(
      {
        ...{ name: fc.string(), sentence: fc.string(), rowsDifferent: fc.nat(), acknowledged: fc.nat() },
        ...{ verdict: fc.constantFrom('in-sync', 'out-of-sync', 'unknown', 'pending'), refused: fc.nat({ max: 2 }) },
        ...{ known: fc.boolean(), leftAt: fc.constantFrom(null, new Date(at(9))) },
        judged: fc.option(fc.record({ at: fc.constantFrom(at(1), at(200)), endpointsInSync: fc.nat({ max: 2 }), endpoints: fc.constant(4), lostAfterAck: fc.nat({ max: 2 }), byPath: fc.constant({}) })), // prettier-ignore
        inSyncSince: fc.option(fc.constantFrom(new Date(at(1)), new Date(at(2)))),
        downtime: fc.option(fc.record({ windowId: fc.string(), verdict: fc.constant('violated'), at: fc.constant(at(1)), ms: fc.option(fc.nat({ max: 2 })) })), // prettier-ignore
      },
      { requiredKeys: [] },
    );
    const shown = (all: readonly Standing[]) => ranks(all.filter((one) => one.known && one.leftAt === null));
    const standings = fc.array(change, { minLength: 2, maxLength: 5 });
    const property = fc.property(standings, change, (parts, last) => {
      const all = parts.map((part, index) => ({ ...unheardOf(String(index), new Date(at(0))), ...part }) as Standing);
      const after = { ...all[0]!, ...last } as Standing;
      if (movesRanks(all[0]!, after)) return;
      expect([...shown([after, ...all.slice(1)])]).toEqual([...shown(all)]);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  it('does not depend on the order in which standings are given', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 })), { maxLength: 12 });
    fc.assert(
      fc.property(some, fc.nat(), (list, turn) => {
        const all = list.map(([inSync, lost], index) => ranked(`app${index}`, inSync, lost));
        const moved = all.map((_, index) => all[(index + turn) % all.length]!);
        expect(new Map([...ranks(moved)].toSorted())).toEqual(new Map([...ranks(all)].toSorted()));
      }),
    );
  });
});
