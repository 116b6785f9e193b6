import type { FastifyInstance } from 'fastify';

/** Where a body may be larger than elsewhere. */
const bytesMax: Readonly<Record<string, number>> = {
  // As many verdicts as a lab has apps, of all endpoints that can be compared: 400 kB at most.
  '/api/v1/board/preview': 512 * 1024,
};

/** To be called before the first route is registered. */
export function takeLargerBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const bodyLimit = bytesMax[route.url];
    if (bodyLimit !== undefined) Object.assign(route, { bodyLimit });
  });
}
