import { fastify, LogController, type FastifyInstance, type FastifyReply } from 'fastify';
import { rewrite } from './domain/ingress.js';
import type { JournalStore } from './persistence/journal.store.js';
import { addAnswerHeaders } from './routes/answer-headers.js';
import { answerErrors } from './routes/errors.js';
import { addGateway } from './routes/gateway.routes.js';
import { addMoods } from './routes/moods.routes.js';
import { addClient } from './routes/client.routes.js';
import { addServer } from './routes/server.routes.js';
import { addStats } from './routes/stats.routes.js';
import { readBodies } from './routes/body.js';

interface ServerParts {
  store: JournalStore;
  title: string;
  logLevel: string;
}

/** The HTTP side: one ingress that rewrites paths, five groups of routes behind it, nothing that only one request knows. */
export async function createServer({ store, title, logLevel }: ServerParts): Promise<FastifyInstance> {
  const server = fastify({
    logger: { level: logLevel, name: 'journal' },
    logController: new LogController({ disableRequestLogging: true }),
    rewriteUrl: (request) => rewrite(request.url ?? '/'),
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true },
    bodyLimit: 1_048_576,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 72_000,
    frameworkErrors: (error, _request, reply: FastifyReply) =>
      void reply.code(400).send({ ok: false, error: error.message }),
  });
  server.server.maxConnections = 1_000;
  readBodies(server);
  addAnswerHeaders(server);
  answerErrors(server);
  addGateway(server, store);
  addServer(server, store);
  addMoods(server, store);
  addStats(server, store);
  await addClient(server, title);
  return server;
}
