import type { BoardUpdate } from '#libs/contracts/src/gateway.js';
import type { BoardRow, LogLine } from '#libs/contracts/src/leaderboard.js';
import { applyUpdate, comparedEndpoints, countVerdicts, emptyBoard, logLinesMax, withLines } from './board-state.js';

const row = (appId: string, part: Partial<BoardRow> = {}): BoardRow => ({
  ...{ appId, name: appId, team: null, url: 'http://a.example', rank: null, verdict: 'pending', sentence: '' },
  ...{ endpoints: [], rowsDifferent: 0, acknowledged: 0, lostAfterAck: 0, refused: 0, downtime: null, recent: [] },
  ...{ comparedAt: null, comparisonId: null, inSyncSince: null, joinedAt: '2026-11-20T10:00:00Z', traceId: null },
  ...part,
});
const update = (revision: number, part: Partial<BoardUpdate> = {}): BoardUpdate => ({
  ...{ revision, asOf: '2026-11-20T10:00:00Z', reset: false, rows: [], left: [], log: [], missing: [] },
  ...{ fill: { open: null, last: null }, timers: { fill: null, compare: null }, frozen: null, since: null },
  ...part,
});
const line = (number: number): LogLine => ({
  ...{ line: number, at: '2026-11-20T10:00:00Z', level: 'info', appId: null, text: `line ${number}`, traceId: null },
});
const names = (rows: readonly BoardRow[]) => rows.map(({ appId }) => appId).join('');

describe('the board of a page', () => {
  it('puts ranked apps first, then those that joined earlier', () => {
    const rows = [
      row('d', { joinedAt: '2026-11-20T10:02:00Z' }),
      row('c', { joinedAt: '2026-11-20T10:01:00Z' }),
      row('b', { rank: 2 }),
      row('a', { rank: 1 }),
    ];
    expect(names(applyUpdate(emptyBoard, update(1, { rows, reset: true })).rows)).toBe('abcd');
  });

  it('takes changed rows in, lets rows leave, and keeps the identity of the others', () => {
    const before = applyUpdate(emptyBoard, update(1, { rows: [row('a'), row('b'), row('c')], reset: true }));
    const after = applyUpdate(before, update(2, { rows: [row('b', { rank: 1 })], left: ['c'] }));
    expect(names(after.rows)).toBe('ba');
    expect(after.rows[1]).toBe(before.rows[0]);
  });

  it('forgets everything at a reset, but not the log', () => {
    const before = applyUpdate(emptyBoard, update(1, { rows: [row('a')], log: [line(1)] }));
    const after = applyUpdate(before, update(2, { rows: [row('b')], reset: true }));
    expect([names(after.rows), after.log.length]).toEqual(['b', 1]);
  });

  it('keeps the same list of rows when only timers changed, so that nothing is drawn again', () => {
    const before = applyUpdate(emptyBoard, update(1, { rows: [row('a')], reset: true }));
    expect(applyUpdate(before, update(1)).rows).toBe(before.rows);
  });

  it('shows each line of the log once, in its order, and the newest five hundred', () => {
    const log = withLines(
      [line(1), line(3)],
      Array.from({ length: 700 }, (_, index) => line(index + 2)),
    );
    expect([log.length, log[0]!.line, log.at(-1)!.line]).toEqual([logLinesMax, 202, 701]);
    expect(new Set(log.map((one) => one.line)).size).toBe(logLinesMax);
  });

  it('counts every verdict, and finds every endpoint once', () => {
    const endpoint = { path: '/a', label: 'A', verdict: 'in-sync' as const, note: null };
    const counts = { matched: 1, missing: 0, changed: 0, doubled: 0, outside: 0 };
    const rows = [
      row('a', { verdict: 'in-sync', endpoints: [{ ...endpoint, ...counts }] }),
      row('b', { verdict: 'in-sync', endpoints: [{ ...endpoint, ...counts }] }),
      row('c'),
    ];
    expect(countVerdicts(rows)).toMatchObject({ 'in-sync': 2, pending: 1, unknown: 0 });
    expect(comparedEndpoints(rows)).toEqual([{ path: '/a', label: 'A' }]);
  });
});
