import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { split } from '../domain/ingress.js';

/** What every answer carries: the API is open to pages of any origin; what can be read has a weak ETag, and 304 for its owner. */
export function addAnswerHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload: unknown) => {
    if (split(request.url).part !== 'client') reply.header('access-control-allow-origin', '*');
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = weakTag(payload);
    reply.header('etag', tag);
    if (request.headers['if-none-match'] !== tag) return payload;
    reply.code(304).removeHeader('content-type');
    return '';
  });
}

function weakTag(text: string): string {
  const hash = createHash('sha1').update(text).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(text).toString(16)}-${hash}"`;
}
