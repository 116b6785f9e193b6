import { int, unit, type Guard } from './guard.js';

const freeze = 'apps/gateway/test/freeze.int-spec.ts';

/** What keeps a frozen scoreboard, and every board of the past, from telling what came later. */
export const guardsOfFreeze: readonly Guard[] = [
  {
    guarantee: 'a board of the past is not changed by what becomes known later',
    file: 'apps/leaderboard/src/domain/version.ts',
    line: 'if (knownAt <= at) shown.set(appId, version);',
    instead: 'shown.set(appId, version);',
    test: unit('apps/leaderboard/src/domain/version.spec.ts', 'the board as of a time is not changed by a byte'),
  },
  {
    guarantee: 'a public route that says nothing is closed while the scoreboard is frozen',
    file: 'apps/gateway/src/accounts/freeze.guard.ts',
    line: 'if (!hidden || !isRead) return true;',
    instead: 'if (!hidden || isRead) return true;',
    test: int(freeze, 'while the scoreboard is frozen no public answer changes by a byte'),
  },
  {
    guarantee: 'the log of a frozen scoreboard has no later line',
    file: 'apps/leaderboard/src/persistence/board-reads.ts',
    line: 'and ($4::timestamptz is null or known_at <= $4)',
    instead: 'and ($4::timestamptz is null or known_at > $4 or true)',
    test: int(freeze, 'while the scoreboard is frozen no public answer changes by a byte'),
  },
  {
    guarantee: 'new lines push none out of a frozen log',
    file: 'apps/leaderboard/src/persistence/board.repository.ts',
    line: "and known_at > (select coalesce(frozen_at, '-infinity') from board_head)",
    instead: '',
    test: int(freeze, 'while the scoreboard is frozen no public answer changes by a byte'),
  },
  {
    guarantee: 'what staff say of a verdict after the freeze is not said before the thaw',
    file: 'apps/leaderboard/src/persistence/past-reads.ts',
    line: 'where verdict_override.comparison_id = last.comparison_id and known_at <= $1 order by entry desc limit 1',
    instead: 'where verdict_override.comparison_id = last.comparison_id order by entry desc limit 1',
    test: int(freeze, 'while the scoreboard is frozen no public answer changes by a byte'),
  },
];
