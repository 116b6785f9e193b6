import { int, unit, type Guard } from './guard.js';

const looks = 'apps/comparator/src/domain/comparison.spec.ts';
const rows = 'apps/comparator/src/domain/rows-judge.spec.ts';

const overrides = 'apps/leaderboard/src/domain/override.spec.ts';
const rankPreviews = 'apps/leaderboard/src/domain/rank-preview.spec.ts';

/** What keeps a verdict from being wrong, on the way to it and on the board. */
export const guardsOfVerdicts: readonly Guard[] = [
  {
    guarantee: 'nobody is blamed at first sight',
    file: 'apps/comparator/src/domain/comparison.ts',
    line: 'if (!lookedEnough) return again;',
    instead: '',
    test: unit(looks, 'deciding a comparison never blames at first sight'),
  },
  {
    guarantee: 'rows that were there and are missing again are never called late',
    file: 'apps/comparator/src/domain/lasting.ts',
    line: "if (found[0] === 'missing' && gone?.has(found[1])) return true;",
    instead: '',
    test: unit(looks, 'deciding a comparison blames rows that were there and are missing again'),
  },
  {
    guarantee: 'rows that come late are never taken for rows that come and go',
    file: 'apps/comparator/src/domain/coming-and-going.ts',
    line: 'fill <= (look.closedFill ?? 0) && !missing.has(name) && !behind.has(name);',
    instead: '!missing.has(name);',
    test: unit('apps/comparator/src/domain/coming-and-going.spec.ts', 'rows that come and go are not those that'),
  },
  {
    guarantee: 'what comes and goes is not called lost in the ledger',
    file: 'apps/comparator/src/domain/sightings.ts',
    line: "say(lasting.comingAndGoing ?? [], 'unsure');",
    instead: '',
    test: unit('apps/comparator/src/domain/sightings.spec.ts', 'calls nothing lost that comes and goes'),
  },
  {
    guarantee: 'a clock that is wrong, or was put right, is nobody’s fault',
    file: 'apps/comparator/src/domain/moved-times.ts',
    line: "return isCopied ? 'copied' : undefined;",
    instead: "return 'copied';",
    test: unit('apps/comparator/src/domain/moved-times.spec.ts', 'are none where a clock was wrong by days'),
  },
  {
    guarantee: 'who began from a copy need not have copied the times',
    file: 'apps/comparator/src/domain/rows-judge.ts',
    line: 'this.moved = this.movedOf(own);',
    instead: 'this.moved = this.movedOf(judged);',
    test: unit(rows, 'is no time of rows that were inherited'),
  },
  {
    guarantee: 'a value that somebody typed is never taken for one of ours that was rounded',
    file: 'apps/comparator/src/domain/rounded-values.ts',
    line: 'rows.length * 2 >= missing.length ? rows : []',
    instead: 'rows',
    test: unit('apps/comparator/src/domain/rounded-values.spec.ts', 'are not what somebody typed'),
  },
  {
    guarantee: 'a number that a double cannot hold is never read as one',
    file: 'libs/parity/src/lexer.ts',
    line: 'if (length > DIGITS_EXACT) this.isPlain = false;',
    instead: '',
    test: unit('apps/comparator/src/domain/readable-body.spec.ts', 'lose nothing of their numbers'),
  },
  {
    guarantee: 'a field that is not there is never taken for one that is null',
    file: 'libs/parity/src/same-value.ts',
    line: '!Object.hasOwn(other, name) || ',
    instead: '',
    test: unit('libs/parity/src/same-value.spec.ts', 'know a name that is not there from one that every object has'),
  },
  {
    guarantee: 'bodies that were kept as gzip can still be judged',
    file: 'apps/comparator/src/judging/evidence.ts',
    line: "isGzip(bytes) ? 'gzip' : 'zstd'",
    instead: "'zstd'",
    test: unit('apps/comparator/src/judging/evidence.spec.ts', 'comes back from what was packed by gzip'),
  },
  {
    guarantee: 'failures of the baseline or of our side blame nobody',
    file: 'apps/comparator/src/domain/look.ts',
    line: "if (states.has('our-fault') || states.has('baseline-failed')) return 'unknown';",
    instead: '',
    test: unit(looks, 'deciding a comparison fails, and blames nobody'),
  },
  {
    guarantee: 'an app is held only to what its window can show',
    file: 'apps/comparator/src/domain/rows-judge.ts',
    line: 'const must = isAll ? () => true : mustBeShown(placed, this.clocks());',
    instead: 'const must = isAll ? () => true : () => true;',
    test: unit(rows, 'judging rows does not look behind a full window'),
  },
  {
    guarantee: 'an app that shows what was sent is right, whatever the baseline shows',
    file: 'apps/comparator/src/domain/rows-judge.ts',
    line: "return asSent ? 'matched' : 'undecided';",
    instead: "return asSent ? 'undecided' : 'undecided';",
    test: unit(rows, 'judging rows believes the app when it shows what was sent'),
  },
  {
    guarantee: 'what was written is never taken for noise',
    file: 'apps/comparator/src/domain/noise.ts',
    line: 'noise.filter(({ path }) => isSent(endpoint, path));',
    instead: 'noise.filter(() => false);',
    test: unit('apps/comparator/src/domain/noise.spec.ts', 'is never what was written'),
  },
  {
    guarantee: 'rules that were published meanwhile are not overwritten',
    file: 'apps/comparator/src/rules.controller.ts',
    line: 'if (newest.version !== basedOn) throw outdated(newest);\n    const next = { version: basedOn + 1,',
    instead: 'const next = { version: newest.version + 1,',
    test: int('apps/comparator/test/rules.int-spec.ts', 'are published once'),
  },
  {
    guarantee: 'a write is called lost in the ledger only when it was lost at every look',
    file: 'apps/comparator/src/domain/sightings.ts',
    line: "say(names(lasting, 'missing'), 'lost');",
    instead: "say(names(newest, 'missing'), 'lost');",
    test: unit('apps/comparator/src/domain/sightings.spec.ts', 'calls lost and doubled only what was so at every look'),
  },
  {
    guarantee: 'the full history asks only for what the baseline still shows',
    file: 'apps/comparator/src/domain/rows-judge.ts',
    line: '.filter((pair) => isShown(pair) && (all || pair.theirs.length > 0))',
    instead: '.filter(({ theirs }) => all || theirs.length > 0)',
    test: unit(rows, 'the full history asks for nothing that the baseline does not show'),
  },
  {
    guarantee: 'an older verdict never replaces a newer one on the board',
    file: 'apps/leaderboard/src/domain/standing.ts',
    line: '(sheet.comparedAt !== null && at < sheet.comparedAt)',
    instead: '(sheet.comparedAt !== null && at < new Date(0))',
    test: unit('apps/leaderboard/src/domain/board.spec.ts', 'is never changed by an older verdict'),
  },
  {
    guarantee: 'no look is shown what the baseline was asked before it',
    file: 'apps/comparator/src/clients/shared-reads.ts',
    line: 'this.waiting.delete(question);',
    instead: '',
    test: unit(
      'apps/comparator/src/clients/shared-reads.spec.ts',
      'are never answered by what was sent before they were asked for',
    ),
  },
  {
    guarantee: 'what staff say of a verdict holds for that comparison only',
    file: 'apps/leaderboard/src/domain/override.ts',
    line: 'if (standing.comparisonId !== data.comparisonId) return standing;',
    instead: '',
    test: unit(overrides, 'holds for that comparison only'),
  },
  {
    guarantee: 'what a comparison said is whole again when staff take their word back',
    file: 'apps/leaderboard/src/domain/override.ts',
    line: 'const own = asCompared(standing);',
    instead: 'const own = standing;',
    test: unit(overrides, 'is whole again once it is taken back'),
  },
  {
    guarantee: 'what is held back is not said before it is published',
    file: 'apps/comparator/src/verdict-recorder.ts',
    line: 'if (comparison.isPublic) this.outbox.send(tx, ParityComputed, data);',
    instead: 'if (comparison.comparisonId) this.outbox.send(tx, ParityComputed, data);',
    test: int('apps/comparator/test/held-back.int-spec.ts', 'says nothing and changes nothing until it is published'),
  },
  {
    guarantee: 'staff overrule no comparison that a newer one has followed',
    file: 'apps/comparator/src/domain/override.ts',
    line: 'if (!isNewest)',
    instead: 'if (isNewest === null)',
    test: unit('apps/comparator/src/domain/override.spec.ts', 'is for the newest verdict'),
  },
  {
    guarantee: 'a preview of ranks moves nobody by what the board would not take any more',
    file: 'apps/leaderboard/src/domain/rank-preview.ts',
    line: 'if (computedAt !== undefined && isTooOld(sheet, new Date(computedAt))) return sheet;',
    instead: '',
    test: unit(rankPreviews, 'is nobody by what is older than what is shown'),
  },
  {
    guarantee: 'who would be in sync by a draft is not put before those who were in sync already',
    file: 'apps/leaderboard/src/domain/rank-preview.ts',
    line: 'Math.max(newestJudgementMs(board), 0) + 1',
    instead: '0',
    test: unit(rankPreviews, 'puts who is in sync by what has no time yet behind'),
  },
];
