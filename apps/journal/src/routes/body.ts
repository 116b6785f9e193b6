import type { FastifyInstance } from 'fastify';

/** What a route sees of a posted body: the JSON object or array; an empty object for everything that is not JSON. */
export type Body = Readonly<Record<string, unknown>>;

/** JSON is read here; other content types are swallowed within the size limit and count as empty, as in the reference app. */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    const body = parse(text as string);
    if (body) done(null, body);
    else done(Object.assign(new Error('the body is not a JSON object'), { statusCode: 400 }));
  });
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _bytes, done) => done(null, {}));
  server.addHook('preHandler', async (request) => {
    request.body ??= {};
  });
}

function parse(text: string): object | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // where the JSON breaks is of no use to the sender of a form, and the text is not repeated to anybody
  }
}
