import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { traceHttp } from './http-trace.js';
import type { Logger } from './logger.js';
import { problemContentType, ProblemFilter, sendProblem, toProblem } from './problem-filter.js';

export interface HttpSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Limits of the door: bodies are small here, larger things are streamed elsewhere. */
const bodyBytesMax = 64 * 1024;
const requestTimeoutMs = 30_000;

const statusOfNoise: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What is no HTTP, or too much of it, gets a problem too, by hand: there is no request to answer. */
function refuseNoise(error: { code?: string }, socket: Socket): void {
  if (!socket.writable) return;
  const { document } = toProblem({ statusCode: statusOfNoise[error.code ?? ''] ?? 400 });
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
    `content-type: ${problemContentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

export const createHttpAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, toProblem(error).document),
    clientErrorHandler: refuseNoise,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
  });

export function prepareHttp(app: INestApplication, service: string, logger: Logger): void {
  const server = (app as NestFastifyApplication).getHttpAdapter().getInstance() as unknown as FastifyInstance;
  traceHttp(server, service);
  app.useGlobalFilters(new ProblemFilter(logger));
}
