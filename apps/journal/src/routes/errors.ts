import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { split } from '../domain/ingress.js';
import { DatabaseUnavailable } from '../persistence/database.js';
import { htmlPage } from './html.js';

/** Every refusal and failure as one short body; what happened inside goes to the log, never to the sender. */
export function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError | DatabaseUnavailable, request, reply) => {
    const { status, problem } = explain(error, request);
    if (status === 503) reply.header('retry-after', '1');
    if (status >= 500) log(request, error);
    readToTheEnd(request, reply);
    return refuse(reply, status, problem);
  });
  server.setNotFoundHandler((request, reply) => {
    const { part, path } = split(request.url);
    reply.type('text/html; charset=utf-8');
    if (part === 'client') return reply.code(405).send(htmlPage('405 Not Allowed'));
    if (part === 'files') return reply.code(503).send(htmlPage('503 Service Temporarily Unavailable'));
    return reply.code(404).send(htmlPage(`Cannot ${request.method} ${path}`));
  });
}

/**
 * A refusal that closes the connection while the body is still arriving resets it, and the sender never sees why. So the
 * rest is read and forgotten; the server's request timeout ends a body that does not.
 */
function readToTheEnd(request: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  request.raw.resume();
}

/** The values routes say `working`, all others `ok`. */
export function refuse(reply: FastifyReply, status: number, problem: string): FastifyReply {
  const values = /^\/server\/values(\/|\?|$)/i.test(reply.request.url);
  return reply.code(status).send({ [values ? 'working' : 'ok']: false, error: problem });
}

function explain(
  error: FastifyError | DatabaseUnavailable,
  request: FastifyRequest,
): { status: number; problem: string } {
  if (error instanceof DatabaseUnavailable) {
    const saved = error.reached ? 'Whether it was saved is not known.' : 'Nothing was saved.';
    return {
      status: 503,
      problem: `The journal's database does not answer.${request.method === 'POST' ? ` ${saved}` : ''}`,
    };
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return { status, problem: `the body is larger than ${request.routeOptions.bodyLimit} bytes` };
  if (status < 500) return { status, problem: error.message };
  return { status, problem: 'The journal failed to do this. Its log tells why.' };
}

/** An error of the driver carries its whole connection, secrets included: only its words are logged. */
function log({ log, method, url }: FastifyRequest, error: Error): void {
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const about = { method, url, reason: `${error.message}${cause}` };
  if (error instanceof DatabaseUnavailable) log.warn(about, 'a request failed');
  else log.error({ ...about, stack: error.stack }, 'a request failed');
}
