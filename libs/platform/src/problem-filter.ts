import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemDocument, type ProblemType } from '#libs/contracts/src/problem.js';
import { traceIdOfRequest } from './http-trace.js';
import type { Logger } from './logger.js';

/** Every error leaves as application/problem+json. What we did not foresee is our fault, is logged, and tells nothing of the inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.raw.headersSent) {
      this.logger.warn({ err: error }, 'failed after the answer had begun');
      reply.raw.destroy();
      return;
    }
    const problem = toProblem(error);
    const traceId = problem.document.traceId ?? traceIdOfRequest(request);
    if (problem.document.status >= 500)
      this.logger.error({ err: error, url: request.routeOptions.url, traceId }, 'request failed');
    sendProblem(reply, { ...problem.document, ...(traceId ? { traceId } : {}) });
  }
}

export const problemContentType = 'application/problem+json; charset=utf-8';

export function sendProblem(reply: FastifyReply, document: ProblemDocument): void {
  void reply.status(document.status).header('content-type', problemContentType).send(JSON.stringify(document));
}

/** What Fastify and Nest throw: type, what to do, and, where their own words would not help, what happened. */
const byStatus: Partial<Record<number, [ProblemType, string, string?]>> = {
  400: ['malformed', 'Check the address and the form of the request.'],
  401: ['sign-in-needed', 'Sign in at /staff, or send Authorization: Bearer with a token.'],
  403: ['not-allowed', 'Ask staff.'],
  404: ['not-found', 'Check the address; GET /api lists what exists.', 'There is nothing at this address.'],
  405: ['method-not-allowed', 'Use another method.'],
  408: ['malformed', 'Send the request in one go.', 'The request did not arrive in time.'],
  413: ['too-large', 'Send a smaller body.'],
  414: ['too-large', 'Use a shorter address.', 'The address, or a part of it, is too long.'],
  415: ['not-json', 'Send a JSON body with content-type: application/json.'],
  429: ['limit-reached', 'Wait a little and try again.'],
  431: ['too-large', 'Send fewer or smaller headers.', 'The headers are too large.'],
};
const notJson = /^FST_ERR_CTP_(INVALID_JSON_BODY|EMPTY_JSON_BODY|INVALID_CONTENT_LENGTH)$/;

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  if (isNotJson(error))
    return new Problem('not-json', said(error), 'Send a JSON body with content-type: application/json.');
  const [type, next, words] = byStatus[status] ?? [];
  if (type && next) return new Problem(type, words ?? said(error), next);
  return new Problem(
    'fault',
    'The request could not be answered. Nothing was changed, or it is named in the trace.',
    'Try again; tell staff the trace id if it stays.',
  );
}

/** Nest wraps what Fastify's parser throws. */
function isNotJson(error: unknown): boolean {
  const codes = [error, (error as { cause?: unknown } | null)?.cause].map(
    (one) => (one as { code?: unknown } | null)?.code,
  );
  return error instanceof SyntaxError || codes.some((code) => notJson.test(String(code)));
}

const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
};

const said = (error: unknown): string => {
  const message = error instanceof Error ? error.message : '';
  return message ? `${message.replace(/\.$/, '').slice(0, 200)}.` : 'The request could not be read.';
};
