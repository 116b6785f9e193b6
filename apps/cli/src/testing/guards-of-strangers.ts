import { e2e, int, unit, type Guard } from './guard.js';

/** What strangers write, and where they send us. The whole table: test/hostile/README.md. */
export const guardsOfStrangers: readonly Guard[] = [
  {
    guarantee: 'a name of nothing visible is none, and a pseudonym like it shows nobody’s name',
    file: 'apps/submission/src/domain/names.ts',
    line: ".replace(hidden, '')",
    instead: '',
    test: unit('apps/submission/src/domain/names.spec.ts', 'a name of nothing visible is none'),
  },
  {
    guarantee: 'no formula of a stranger is in a file for spreadsheets',
    file: 'apps/gateway/src/board/files/csv.ts',
    line: 'const text = value.replaceAll(atBegin, "\'");',
    instead: 'const text = value;',
    test: unit('apps/gateway/src/board/files/files.spec.ts', 'the board as CSV makes no formula'),
  },
  {
    guarantee: 'an address that somebody submitted is a link only to a web page',
    file: 'apps/web/src/parts/foreign-address.ts',
    line: "return address && ['http:', 'https:'].includes(address.protocol) ? address.href : undefined;",
    instead: 'return address?.href;',
    test: unit('apps/web/src/parts/foreign-address.spec.ts', 'an address that somebody submitted'),
  },
  {
    guarantee: 'whoever opens the address of a pre-flight writes nothing into the app by that',
    file: 'apps/web/src/submit/use-preflight.ts',
    line: 'begun !== null && begun.id === id && begun.isWriteWanted',
    instead: 'id !== null',
    test: e2e('apps/web/test/preflight.e2e-spec.ts', 'the address of a pre-flight shows it to whoever opens it'),
  },
  {
    guarantee: 'the trial write of a pre-flight is asked for once, by itself only where it is wanted',
    file: 'apps/web/src/submit/preflight.ts',
    line: "view?.mayWrite === true && write === 'wanted'",
    instead: 'view?.mayWrite === true',
    test: unit('apps/web/src/submit/preflight.spec.ts', 'the trial write is due once it may be asked for'),
  },
  {
    guarantee: 'a million header lines cost no more than the first of them',
    file: 'libs/egress/src/socket-portions.ts',
    line: 'Math.min(socket.readableLength, this.headBytesLeft, this.portionMax)',
    instead: 'Math.min(socket.readableLength, this.portionMax)',
    test: unit('libs/egress/src/socket-portions.spec.ts', 'hand on no more of a head than it may have'),
  },
  {
    guarantee: 'an app whose answers never end is read on once, not for every endpoint',
    file: 'apps/comparator/src/clients/app-reader.ts',
    line: 'if (!isTooLarge(await this.firstHuge)) return read();',
    instead: 'if (await this.firstHuge) return read();',
    test: int('apps/comparator/test/app-reader.int-spec.ts', 'reads one answer that is too large'),
  },
  {
    guarantee: 'a victim is not flooded by many names that lead to it',
    file: 'libs/egress/src/egress-client.ts',
    line: 'if (waitMs === 0) return 0;',
    instead: 'return 0;',
    test: int('test/hostile/egress-names.int-spec.ts', 'many names of one address share its turns'),
  },
  {
    guarantee: 'no page is opened in a browser without its sandbox',
    file: 'libs/local/src/browser-process.ts',
    line: 'await mustBeSandboxed(browser).catch((error: unknown) => {',
    instead: 'await Promise.resolve().catch((error: unknown) => {',
    test: int('libs/local/test/browser.int-spec.ts', 'is not opened, and leaves nothing'),
  },
  {
    guarantee: 'a pre-flight shows no secret that a redirect carries',
    file: 'apps/comparator/src/domain/preflight-seen.ts',
    line: "url.search = url.hash = url.username = url.password = '';",
    instead: '',
    test: unit('apps/comparator/src/domain/preflight-lines.spec.ts', 'without what may be secret in it'),
  },
  {
    guarantee: 'no more apps are looked at by pre-flights at once than is allowed',
    file: 'apps/comparator/src/preflight.controller.ts',
    line: 'await this.preflights.lock(tx);',
    instead: '',
    test: int('apps/comparator/test/preflight.int-spec.ts', 'is refused while as many as are allowed are under way'),
  },
  {
    guarantee: 'a bomb that has arrived whole is told by what it has unpacked from so far',
    file: 'libs/egress/src/answer-body.ts',
    line: 'bytes > ratioMax * this.gunzip.bytesWritten',
    instead: 'bytes > ratioMax * this.wireBytes',
    test: int('test/hostile/egress.int-spec.ts', 'a compressed body of which all has arrived'),
  },
];
