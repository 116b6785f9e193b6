import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Pages are ours alone: no foreign script, frame, font or picture, whatever an app or a name tries to bring in. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The built pages; every address that is not the API's shows them, so that links into the pages work. */
export async function servePages(app: INestApplication, webRoot: string): Promise<void> {
  const server = app.getHttpAdapter().getInstance() as FastifyInstance;
  const root = resolve(webRoot);
  server.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    if (String(reply.getHeader('content-type')).startsWith('text/html'))
      reply.header('content-security-policy', contentSecurityPolicy);
    done(null, payload);
  });
  if (!existsSync(join(root, 'index.html'))) return;
  await server.register(fastifyStatic, { root, wildcard: false, index: false, cacheControl: true, maxAge: '1h' });
  server.get('/*', (request, reply) =>
    request.url.startsWith('/api')
      ? reply.callNotFound()
      : reply.header('cache-control', 'no-cache').sendFile('index.html'),
  );
}
