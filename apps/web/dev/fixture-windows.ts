import { ago, windowAgo, windowIdOf } from './fixture-apps.js';
import type { ProbeWindow, StripCell, WindowHead } from '#libs/contracts/src/windows.js';
import type { BoardRow } from '#libs/contracts/src/leaderboard.js';

const cells = 120;
const downFrom = 38;
const lengthMs = 60_000;
const noOutage = { sent: 60, ok: 60, failed: 0, downtimeMs: 0, outages: [] };

/** As its row says: never watched, or not down two hours ago, and then down for three seconds lately. */
export function windowsOf(row: BoardRow | undefined): WindowHead[] {
  if (!row?.downtime) return [];
  return row.downtime.verdict === 'violated' ? [headOf(row, false), headOf(row, true)] : [headOf(row, true)];
}

export const windowId = ({ appId }: BoardRow, isGood: boolean): string => windowIdOf(appId, isGood);

function headOf(row: BoardRow, isGood: boolean): WindowHead {
  const { appId, name: appName, url } = row;
  const secondsAgo = windowAgo(isGood);
  return {
    ...{ windowId: windowId(row, isGood), appId, appName, url, declaredBy: isGood ? 'teacher' : 'owner' },
    ...{ declaredAt: ago(secondsAgo), opensAt: ago(secondsAgo), lengthMs, state: 'closed' },
    verdict: isGood ? 'proven' : 'violated',
    reasons: isGood
      ? ['300 of 300 reads answered, 60 writes acknowledged and all shown; never longer than 204 ms without an answer.']
      : [
          'Down for reads for 3,004 ms, from 19,198 ms to 22,202 ms after the begin (connect-refused).',
          'Down for writes for 3,000 ms, from 20,001 ms to 23,001 ms after the begin (connect-refused).',
        ],
    closedAt: ago(secondsAgo - 71),
  };
}

export function windowShown(row: BoardRow, isGood: boolean): ProbeWindow {
  const strip = Array.from({ length: cells }, (_, i): StripCell => {
    if (isGood) return 'up';
    if (i >= downFrom && i < downFrom + 7) return 'down';
    return i === 80 ? 'stale' : i === 100 ? 'unseen' : 'up';
  });
  return {
    ...headOf(row, isGood),
    ...{ strip, atMs: lengthMs, readEveryMs: 200, writeEveryMs: 1_000 },
    head: '6b1f0e2c9a4d7788b3e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b',
    figures: {
      classes: isGood
        ? { read: { ...noOutage, sent: 300, ok: 300 }, write: noOutage, 'read-your-write': noOutage }
        : down,
      ...{
        longestGapMs: isGood ? 204 : 3_041,
        blindMs: isGood ? 0 : 400,
        longestBlindMs: isGood ? 0 : 400,
        stale: 0,
        alone: 0,
      },
      inWindow: { reads: 300, p50Ms: 6, p99Ms: isGood ? 19 : 41 },
      after: { reads: 50, p50Ms: 6, p99Ms: 14 },
      writes: { acknowledged: isGood ? 60 : 57, refused: isGood ? 0 : 3, unknown: 0, shown: 57, lost: [], unsure: [] },
    },
  };
}

const outage = (fromMs: number, toMs: number, failed: number) => ({
  ...{ sent: 300, ok: 300 - failed, failed, downtimeMs: toMs - fromMs },
  outages: [{ fromMs, toMs, failed, why: 'connect-refused', isOpen: false }],
});
const down = {
  ...{ read: outage(19_198, 22_202, 15), write: { ...outage(20_001, 23_001, 3), sent: 60, ok: 57 } },
  'read-your-write': { ...noOutage, sent: 57, ok: 57 },
};
