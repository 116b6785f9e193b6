import { int, unit, type Guard } from './guard.js';

const downtime = 'apps/leaderboard/src/domain/downtime.spec.ts';

/** What keeps a window from a wrong verdict, and a file of evidence from being believed when it was changed. */
export const guardsOfWindows: readonly Guard[] = [
  {
    guarantee: 'what we did not see is never an app’s downtime',
    file: 'libs/proof/src/outages.ts',
    line: 'if (!tick.sample) end(tick.dueMs, false);',
    instead: 'if (!tick.sample) continue;',
    test: unit('libs/proof/src/outages.spec.ts', 'a measured outage never holds what we did not see'),
  },
  {
    guarantee: 'a write that others may have pushed out of a full list is not called lost',
    file: 'libs/proof/src/figures.ts',
    line: 'const isWhole = looks.every(({ rows }) => rows < listRowsMax);',
    instead: 'const isWhole = true;',
    test: unit('libs/proof/src/judge.spec.ts', 'does not call a write lost that a full list may have pushed out'),
  },
  {
    guarantee: 'a file of evidence whose verdict does not follow from its records is not valid',
    file: 'libs/proof/src/evidence.ts',
    line: 'canonical(proof) === canonical(last.proof)',
    instead: 'true',
    test: unit('libs/proof/src/evidence.spec.ts', 'that was made anew with a kinder verdict is found by its records'),
  },
  {
    guarantee: 'an outage is not washed off the board by another window of the same day',
    file: 'apps/leaderboard/src/domain/downtime.ts',
    line: 'every((later) => badness(later) < badness(one))',
    instead: 'every((later) => later.ms === null)',
    test: unit(downtime, 'the downtime of an app is not washed off by another window of the same day'),
  },
  {
    guarantee: 'a window that proved nothing costs nobody a rank',
    file: 'apps/leaderboard/src/domain/downtime.ts',
    line: 'if (downtime === null || downtime.ms === null) return 1;',
    instead: 'if (downtime === null) return 1;',
    test: unit(downtime, 'ranks by downtime put a proof first, then who was not measured'),
  },
  {
    guarantee: 'an app that joins again does not answer for a window of its earlier life',
    file: 'apps/leaderboard/src/domain/standing.ts',
    line: 'if (isBeforeJoining(standing, new Date(seen.at))) return standing;',
    instead: '',
    test: unit(downtime, 'the downtime of an app is not that of an earlier life'),
  },
  {
    guarantee: 'a trial write that may have been sent is never sent again',
    file: 'apps/filler/src/trial-run.ts',
    line: 'wasSent ? null : await send(',
    instead: 'await send(',
    test: int('apps/filler/test/trial-write.int-spec.ts', 'that may have been sent before a crash, and is not there'),
  },
  {
    guarantee: 'a look that our side could not take makes no app late',
    file: 'apps/filler/src/domain/trial-write.ts',
    line: "outcome === 'absent' || outcome === 'failed'",
    instead: "outcome !== 'shown'",
    test: unit('apps/filler/src/domain/trial-write.spec.ts', 'does not hold a look that we could not take'),
  },
];
