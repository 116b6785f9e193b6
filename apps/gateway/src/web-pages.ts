import { stat } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ApiRoutes } from './http/api-routes.js';

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

export function protectAnswers(server: FastifyInstance): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    if (String(reply.getHeader('content-type')).startsWith('text/html'))
      reply.header('content-security-policy', contentSecurityPolicy);
    done(null, payload);
  });
}

/**
 * How long a browser may keep what it got. The page itself is asked for again each time: it names the files of its build. Those
 * have their content in their name and never change.
 */
const keep = { page: 'no-cache', asset: 'public, max-age=31536000, immutable', other: 'public, max-age=3600' } as const;

/**
 * The built pages; every address that is not the API's shows them, so that links into the pages work. Files are looked up at each
 * request, since a new build may take the place of the old one while we run. A file of a build that is gone is not found: a page
 * in its place would be taken for the file, and kept.
 */
export async function servePages(server: FastifyInstance, webRoot: string, routes: ApiRoutes): Promise<void> {
  const root = resolve(webRoot);
  await server.register(fastifyStatic, { root, serve: false, cacheControl: false });
  server.get('/*', async (request, reply) => {
    const path = pathOf(request.url);
    if (path === undefined || path === '/api' || path.startsWith('/api/'))
      return routes.refusesMethod(request, reply) ? reply : reply.callNotFound();
    if (path !== '/' && (await isFile(root, path))) return give(reply, path, isAsset(path) ? keep.asset : keep.other);
    if (isAsset(path) || !(await isFile(root, '/index.html'))) return reply.callNotFound();
    return give(reply, '/index.html', keep.page);
  });
}

const give = (reply: FastifyReply, path: string, cacheControl: string): FastifyReply =>
  reply.header('cache-control', cacheControl).sendFile(path.slice(1));

const isAsset = (path: string): boolean => path.startsWith('/assets/');

/** Undefined for an address that is no text. */
function pathOf(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split(/[?#]/)[0]!);
  } catch {
    return undefined;
  }
}

async function isFile(root: string, path: string): Promise<boolean> {
  const file = resolve(root, `.${path}`);
  if (path.includes('\0') || !file.startsWith(root + sep) || extname(file) === '') return false;
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
