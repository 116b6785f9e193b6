import fc from 'fast-check';
import { movesRanks, ranks } from './ranking.js';
import { withOverride } from './override.js';
import { joined, left, unheardOf, withFailure, withFill, withParity, withWindow, type Standing } from './standing.js';
import { boardAt, versionOf, type KnownVersion } from './version.js';
import type { EndpointParity } from '#libs/contracts/src/comparator.js';
import type { TargetFilled } from '#libs/contracts/src/filler.js';
import type { DataOf } from '#libs/contracts/src/contract.js';
import type { GivenVerdict } from '#libs/contracts/src/overrides.js';
import { boardRow, type BoardRow } from '#libs/contracts/src/leaderboard.js';
import type { ProbeWindowClosed } from '#libs/contracts/src/windows.js';

// Goal: a board of the past is the board that people saw then, and nothing that becomes known later changes a byte of it.
// Method: any events of some apps, in transactions, some telling of long ago; a live board that is folded as the service folds it.
const appIds = [1, 2, 3].map((n) => `0199b2a0-0000-7000-8000-00000000000${n}`);
const minute = (n: number) => new Date(Date.UTC(2026, 10, 20, 10, n));

interface Told {
  readonly app: number;
  readonly what: 'join' | 'rename' | 'leave' | 'fill' | 'window' | 'parity' | 'parity' | 'failure' | 'override';
  /** Minutes between what it tells of and when it is heard. */
  readonly late: number;
  readonly verdict: 'in-sync' | 'out-of-sync' | 'unreachable' | 'pending';
  readonly rows: number;
}
const told = fc.record<Told>({
  app: fc.nat({ max: appIds.length - 1 }),
  what: fc.constantFrom(
    'join',
    'rename',
    'leave',
    'fill',
    'window',
    'parity',
    'parity',
    'failure',
    'override',
    'override',
  ),
  late: fc.constantFrom(0, 0, 0, 1, 7, 90),
  verdict: fc.constantFrom('in-sync', 'out-of-sync', 'unreachable', 'pending'),
  rows: fc.integer({ min: 0, max: 3 }),
});
/** Each a transaction: what it hears of is known at its end, all at once. */
const transactions = fc.array(fc.array(told, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 25 });

function fold(standing: Standing, { what, late, verdict, rows }: Told, heard: number): Standing {
  const at = minute(heard - late);
  const { appId } = standing;
  const said = {
    comparisonId: `c${heard}`,
    batchId: 'b',
    appId,
    trigger: 'staff' as const,
    computedAt: at.toISOString(),
  };
  if (what === 'join' || what === 'rename') {
    const isNew = what === 'join' || !standing.known || standing.leftAt !== null;
    const joinedAt = (isNew ? at : standing.joinedAt).toISOString();
    return joined(standing, { appId, name: `App ${heard}`, team: rows ? 'Team' : null, url: `https://a.example/${heard}`, joinedAt, isPseudonym: false }); // prettier-ignore
  }
  if (what === 'leave') return left(standing, at);
  if (what === 'fill') return withFill(standing, filled(appId, rows, at));
  if (what === 'window') return withWindow(standing, watched(appId, rows, at.toISOString()));
  if (what === 'failure') return withFailure(standing, { ...said, side: 'baseline', sentence: `No baseline at ${heard}.` }, { traceId: null }); // prettier-ignore
  if (what === 'override') {
    const given = { verdict: verdict === 'pending' ? null : verdict, reason: `Seen at ${heard}.`, by: 'teacher' };
    const last = standing.overridden?.shown.machine.verdict ?? standing.recent.at(-1);
    const machine = { verdict: (last ?? 'unknown') as GivenVerdict, sentence: 'As compared.' };
    const of = { appId, comparisonId: standing.comparisonId ?? 'none', at: at.toISOString(), paths: ['/p', '/q'] };
    return withOverride(standing, { ...of, ...given, sentence: `${verdict} by staff`, machine });
  }
  const endpoints = verdict === 'pending' ? [] : [endpoint('/p', verdict, rows), endpoint('/q', rows % 2 ? 'in-sync' : verdict, 0)]; // prettier-ignore
  const figures = { rowsDifferent: rows, acknowledged: 9 + rows, lostAfterAck: rows, looks: 1 };
  return withParity(standing, { ...said, verdict, sentence: `${verdict} at ${heard}`, endpoints, ...figures }, { traceId: `t${heard}` }); // prettier-ignore
}
const endpoint = (path: string, verdict: EndpointParity['verdict'], missing: number): EndpointParity => ({
  ...{ path, label: path, verdict, matched: 1, missing, changed: 0, doubled: 0, outside: 0, note: null },
});
const filled = (targetId: string, refused: number, at: Date) =>
  ({
    ...{ targetId, endedAt: at.toISOString() },
    writes: Array.from({ length: refused }, () => ({ outcome: 'refused' })),
  }) as unknown as DataOf<typeof TargetFilled>;

const watched = (appId: string, rows: number, declaredAt: string): DataOf<typeof ProbeWindowClosed> => ({
  ...{ windowId: `w${declaredAt}`, appId, appName: 'App', reasons: [], lost: 0, head: '', declaredAt },
  verdict: (['proven', 'not-proven', 'violated', 'violated'] as const)[rows]!,
  downtimeMs: { read: 0, write: rows > 1 ? rows * 200 : 0 },
  closedAt: declaredAt,
});

/** The board as the service keeps it: ranks are made anew only when something moved that decides them. */
class LiveBoard {
  readonly kept: KnownVersion[] = [];
  private readonly standings = new Map<string, Standing>();
  private rankOf = new Map<string, number>();

  hear(events: readonly Told[], heard: number): void {
    const changed = new Set<string>();
    let mustRank = false;
    for (const event of events) {
      const appId = appIds[event.app]!;
      const before = this.standings.get(appId) ?? unheardOf(appId, minute(heard));
      const after = fold(before, event, heard);
      if (after === before) continue;
      this.standings.set(appId, after);
      changed.add(appId);
      mustRank ||= movesRanks(before, after);
    }
    for (const appId of changed) {
      const version = versionOf(this.standings.get(appId)!);
      // As it comes back from where it is kept.
      this.kept.push({ appId, knownAt: minute(heard), version: JSON.parse(JSON.stringify(version)) as typeof version });
    }
    if (mustRank) this.rankOf = ranks(this.onBoard());
  }

  private onBoard = () => [...this.standings.values()].filter(({ known, leftAt }) => known && leftAt === null);

  /** What people see, by app. */
  rows(): Map<string, BoardRow> {
    const rows = this.onBoard().map((standing) => {
      const row = { ...standing, rank: this.rankOf.get(standing.appId) ?? null };
      const { comparedAt, inSyncSince, joinedAt } = standing;
      const times = { comparedAt: comparedAt && comparedAt.toISOString(), inSyncSince: inSyncSince && inSyncSince.toISOString(), joinedAt: joinedAt.toISOString() }; // prettier-ignore
      const override = standing.overridden?.shown;
      const all: Partial<BoardRow> = {
        ...row,
        ...times,
        endpoints: [...row.endpoints],
        recent: [...row.recent],
        override,
      };
      const shown = Object.keys(boardRow.shape).map((name) => [name, all[name as keyof BoardRow]]);
      return [standing.appId, Object.fromEntries(shown) as BoardRow] as const;
    });
    return new Map(rows);
  }
}
const byApp = (rows: readonly BoardRow[]) => new Map(rows.map((row) => [row.appId, row]));

describe('the board as of a time', () => {
  it('is at every time what people saw then, and now it is the live board', () => {
    const property = fc.property(transactions, (all) => {
      const live = new LiveBoard();
      const seen = all.map((events, heard) => {
        live.hear(events, heard);
        return live.rows();
      });
      for (const [heard, rows] of seen.entries()) {
        expect(byApp(boardAt(live.kept, minute(heard)))).toEqual(rows);
        expect(byApp(boardAt(live.kept, new Date(minute(heard).getTime() + 59_000)))).toEqual(rows);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is not changed by a byte by what becomes known later, also when that tells of a time before', () => {
    const property = fc.property(transactions, transactions, (shown, hidden) => {
      const live = new LiveBoard();
      for (const [heard, events] of shown.entries()) live.hear(events, heard);
      const frozenAt = minute(shown.length - 1);
      const before = JSON.stringify(boardAt(live.kept, frozenAt));
      for (const [index, events] of hidden.entries()) {
        live.hear(events, shown.length + index);
        expect(JSON.stringify(boardAt(live.kept, frozenAt))).toBe(before);
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('shows the best first, then who joined first', () => {
    const live = new LiveBoard();
    const event = { late: 0, verdict: 'in-sync', rows: 0 } as const;
    for (const app of [2, 0, 1]) live.hear([{ ...event, app, what: 'join' }], [1, 2, 0][app]!);
    live.hear([{ ...event, app: 1, what: 'parity' }], 5);
    expect(boardAt(live.kept, minute(9)).map(({ appId, rank }) => [appIds.indexOf(appId), rank])).toEqual([[1, 1], [2, null], [0, null]]); // prettier-ignore
  });
});
