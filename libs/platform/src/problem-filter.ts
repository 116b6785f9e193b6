import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemType } from '#libs/contracts/src/problem.js';
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
    const body = { ...problem.document, ...(traceId ? { traceId } : {}) };
    void reply
      .status(body.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(body));
  }
}

const byStatus: Partial<Record<number, [ProblemType, string]>> = {
  400: ['not-json', 'Send a JSON body with content-type: application/json.'],
  404: ['not-found', 'Check the address; GET /api lists what exists.'],
  405: ['method-not-allowed', 'Use another method.'],
  413: ['too-large', 'Send a smaller body.'],
  415: ['not-json', 'Send a JSON body with content-type: application/json.'],
  429: ['limit-reached', 'Wait a little and try again.'],
};

export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const known = byStatus[status];
  if (known) return new Problem(known[0], sentence(error, status), known[1]);
  return new Problem(
    'fault',
    'The request could not be answered. Nothing was changed, or it is named in the trace.',
    'Try again; tell staff the trace id if it stays.',
  );
}

const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
};

const sentence = (error: unknown, status: number): string => {
  const message = error instanceof Error ? error.message : '';
  return status === 404 || !message
    ? `There is nothing at this address.`
    : `${message.replace(/\.$/, '').slice(0, 200)}.`;
};
