/**
 * Errors of the database or of the way to it: the event is innocent, so it is not counted as an attempt; the same work is offered again.
 * Classes by SQLSTATE: 08 connection, 40 rolled back by concurrency, 53 resources, 57 operator intervention, 58 system, XX internal;
 * 55P03 lock not available, 25P03 idle transaction ended; and socket errors of the operating system.
 */
const states = /^(08|40|53|57|58|XX)|^(55P03|25P03)$/;
const socket = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const words =
  /connection terminated|connection error|client has encountered a connection error|timeout exceeded when trying to connect|cannot use a pool after|not queryable/i;

export function isOurFault(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string' && (states.test(code) || socket.test(code))) return true;
    if (words.test(cause.message)) return true;
  }
  return false;
}
