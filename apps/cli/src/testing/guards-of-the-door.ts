import { int, unit, type Guard } from './guard.js';

const door = 'apps/gateway/test/gateway.int-spec.ts';
const limits = 'apps/gateway/test/door.int-spec.ts';
const feed = 'apps/gateway/src/board/board-feed.spec.ts';

/** What stands between strangers and the lab: the public door, the board that it tells, the command line. */
export const guardsOfTheDoor: readonly Guard[] = [
  // the public door
  {
    guarantee: 'a route that says nothing is for nobody',
    file: 'apps/gateway/src/accounts/staff.guard.ts',
    line: 'if (says(OPEN_TO_ALL) || (says(STAFF) && account)) return true;',
    instead: 'if (says(OPEN_TO_ALL) || says(STAFF) || account) return true;',
    test: int(door, 'the public door answers staff routes without signing in'),
  },
  {
    guarantee: 'a service begins its own work once, and ends at once',
    file: 'libs/messaging/src/start-service.ts',
    line: 'microservice.setIsInitHookCalled(true);',
    instead: '',
    test: int(door, 'the public door begins its own work once'),
  },
  {
    guarantee: 'a session can be used from this site only',
    file: 'apps/gateway/src/accounts/staff.guard.ts',
    line: 'refuseForeignOrigin(request);',
    instead: '',
    test: int(door, 'the public door signing in opens a session that only this site may use'),
  },
  {
    guarantee: 'many at once are no way around a limit',
    file: 'apps/gateway/src/persistence/limit.repository.ts',
    line: 'where earlier.used < $4 or ${isOver}',
    instead: 'where $4::int > 0 or ${isOver}',
    test: int(limits, 'the door for guesses lets no more through at once than one after the other'),
  },
  {
    guarantee: 'what was refused counts against nobody’s limit',
    file: 'apps/gateway/src/limits/new-app-limit.ts',
    line: 'await this.limits.giveBack(this.limit, address);',
    instead: '',
    test: int(limits, 'the door for new apps has a limit for each address'),
  },
  // the board
  {
    guarantee: 'whoever causes a look, all who watch the board are told',
    file: 'apps/gateway/src/board/board-feed.ts',
    line: 'this.tell(this.copy.apply(changes, { timers, missing, log: await this.newLines() }));',
    instead: 'this.copy.apply(changes, { timers, missing, log: await this.newLines() });',
    test: unit(feed, 'the feed of the board tells those who watch what a reader’s look has found'),
  },
  {
    guarantee: 'looks at the board do not overtake each other',
    file: 'apps/gateway/src/board/board-feed.ts',
    line: 'this.looking ??= this.lookOnce()',
    instead: 'this.looking = this.lookOnce()',
    test: unit(feed, 'the feed of the board tells those who watch what a reader’s look has found'),
  },
  {
    guarantee: 'a watcher of the board who cannot be told keeps it from nobody else',
    file: 'apps/gateway/src/board/board-feed.ts',
    line: 'this.logger.warn(`a watcher was not told: ${String(error)}`); // and the others are',
    instead: 'throw error;',
    test: unit(feed, 'the feed of the board tells the others when one of them cannot be told'),
  },
  // the command line
  {
    guarantee: 'our token is sent to our own lab and to no other host',
    file: 'apps/cli/src/installation.ts',
    line: "if (env['LOCKSTEP_URL']) return undefined;",
    instead: '',
    test: unit('apps/cli/src/installation.spec.ts', 'gives its token to itself and to no other host'),
  },
  // pseudonyms
  {
    guarantee: 'who is behind a pseudonym does not leave the submission service',
    file: 'apps/submission/src/domain/roster.ts',
    line: 'pseudonym ? { name: pseudonym, team: null } : { name, team: team ?? null };',
    instead: '({ name, team: team ?? null });',
    test: unit('apps/submission/src/domain/roster.spec.ts', 'keeps the pseudonym of an app'),
  },
];
