import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogController } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { traceHttp } from './http-trace.js';
import type { Logger } from './logger.js';
import { ProblemFilter } from './problem-filter.js';

export interface HttpSettings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** Limits of the door: bodies are small here, larger things are streamed elsewhere. */
const bodyBytesMax = 64 * 1024;
const requestTimeoutMs = 30_000;

export const createHttpAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
  });

export function prepareHttp(app: INestApplication, service: string, logger: Logger): void {
  const server = (app as NestFastifyApplication).getHttpAdapter().getInstance() as unknown as FastifyInstance;
  traceHttp(server, service);
  app.useGlobalFilters(new ProblemFilter(logger));
}
