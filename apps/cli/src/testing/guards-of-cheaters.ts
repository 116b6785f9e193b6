import { e2e, int, unit, type Guard } from './guard.js';

const canaries = 'apps/comparator/test/canaries.int-spec.ts';

/** What keeps an honest app from being accused, and evidence from strangers. */
export const guardsOfCheaters: readonly Guard[] = [
  {
    guarantee: 'rows of the baseline that a rival wrote into an app are no proof against it',
    file: 'apps/comparator/src/domain/canaries.ts',
    line: 'return Math.abs(mine! - theirs!) < 1 && Math.round(mine!) % 1_000 !== 0;',
    instead: 'return Math.abs(mine! - theirs!) < 600_000;',
    test: unit('apps/comparator/src/judging/cheaters.spec.ts', 'over many labs an honest app, framed'),
  },
  {
    guarantee: 'nobody is accused for the copy of the baseline that he began with',
    file: 'apps/comparator/src/persistence/canary.repository.ts',
    line: 'and closed_at is not null and requested_at >= since and requested_at >= moved_at',
    instead: 'and closed_at is not null and requested_at >= moved_at',
    test: int(
      canaries,
      'the canaries that tell something about an app are those of fills that were asked for since it joined',
    ),
  },
  {
    guarantee: 'nobody is accused for what he copied before he took any writes',
    file: 'apps/comparator/src/persistence/canary.repository.ts',
    line: "and ledger_write.fill_number = canary.fill_number and outcome = 'acknowledged')",
    instead: 'and ledger_write.fill_number = canary.fill_number)',
    test: int(
      canaries,
      'the canaries that tell something about an app are those of fills of which it took a write itself',
    ),
  },
  {
    guarantee: 'visitors are not told what points to a cheater',
    file: 'apps/gateway/src/http/comparisons.controller.ts',
    line: 'return { comparison: caller ? comparison : forVisitors(comparison) };',
    instead: 'return { comparison: caller ? comparison : comparison };',
    test: e2e('test/flows/cheaters.e2e-spec.ts', 'cheaters'),
  },
];
