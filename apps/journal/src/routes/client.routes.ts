import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { split } from '../domain/ingress.js';
import { sourceFolder } from '../source-files.js';
import { escapeHtml, htmlPage } from './html.js';

interface PageFile {
  type: string;
  text: string;
}
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** No inline script or style, nothing from elsewhere, in no frame. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The page: its files below /static, and index.html for every other path that nobody else owns. */
export async function addClient(server: FastifyInstance, title: string): Promise<void> {
  const files = await readPage(title);
  const index = files.get('index.html')!;
  server.get('/client/50x.html', (_request, reply) =>
    reply.code(404).type(mediaTypes['.html']!).send(htmlPage('404 Not Found')),
  );
  for (const path of ['/client', '/client/*']) {
    server.get(path, (request, reply) => {
      const name = /^\/static\/([^/]+)$/.exec(split(request.url).path)?.[1];
      return send(reply, files.get(name ?? '') ?? index);
    });
  }
}

/** A handful of small files, read once: what is served cannot change or fail later. */
async function readPage(title: string): Promise<Map<string, PageFile>> {
  const folder = sourceFolder('page');
  const names = (await readdir(folder)).filter((name) => extname(name) in mediaTypes);
  const files = await Promise.all(
    names.map(async (name): Promise<[string, PageFile]> => {
      const text = await readFile(join(folder, name), 'utf8');
      return [name, { type: mediaTypes[extname(name)]!, text: text.replaceAll('{{title}}', () => escapeHtml(title)) }];
    }),
  );
  return new Map(files);
}

function send(reply: FastifyReply, { type, text }: PageFile): FastifyReply {
  return reply
    .headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    })
    .type(type)
    .send(text);
}
