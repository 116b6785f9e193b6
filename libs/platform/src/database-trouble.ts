/**
 * Errors of the database, or of the way to it: whoever asked is innocent, and the same work may be offered again.
 *
 *   away       there is no talking to it now: connection lost or refused, shutting down, silent. For as long as it takes.
 *   contended  it answered, and not with this: deadlock, lock or statement too slow, no memory, disk full. As a rule it passes; when
 *              the same work meets it again and again, the work may be the cause.
 *
 * By SQLSTATE: 08 connection, 57P0x shutdown · 40 rolled back by concurrency, 53 resources, 57014 cancelled (statement_timeout),
 * 58 system, XX internal, 55P03 lock not available, 25P03 idle transaction ended; and socket errors of the operating system.
 */
export type DatabaseTrouble = 'away' | 'contended';

const away = /^(08...|57P0\d)$/;
const contended = /^(40|53|57|58|XX)|^(55P03|25P03)$/;
const socket = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const awayWords =
  /connection terminated|connection error|client has encountered a connection error|cannot use a pool after|not queryable|query read timeout/i;
const contendedWords = /timeout exceeded when trying to connect/i; // the pool has none to give

/** Undefined for an error of any other kind. Wrapped errors are looked into. */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const code = String((cause as { code?: unknown }).code ?? '');
    if (away.test(code) || socket.test(code) || awayWords.test(cause.message)) return 'away';
    if (contended.test(code) || contendedWords.test(cause.message)) return 'contended';
  }
  return undefined;
}

/** The connection was lost while a commit was under way: nobody knows whether it counts. */
export class CommitUnknown extends Error {
  override readonly name = 'CommitUnknown';
}
