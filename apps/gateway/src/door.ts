import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './gateway.config.js';
import { ApiRoutes } from './http/api-routes.js';
import { takeJsonOnly } from './http/json-only.js';
import { takeLargerBodies } from './http/larger-bodies.js';
import { noteVisitors } from './http/visitor.js';
import { protectAnswers, servePages } from './web-pages.js';

/** What the public HTTP server needs besides its controllers; before they are registered, so that their routes are seen. */
export async function prepareDoor(app: INestApplication, config: GatewayConfig): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  const routes = app.get(ApiRoutes);
  noteVisitors(server, config.trustedProxies);
  protectAnswers(server);
  takeJsonOnly(server);
  takeLargerBodies(server);
  routes.watch(server);
  await servePages(server, config.webRoot, routes);
}
