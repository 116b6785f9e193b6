import type { FastifyInstance } from 'fastify';
import { Problem } from '#libs/contracts/src/problem.js';
import { sendProblem } from '#libs/platform/src/problem-filter.js';

const json = /^application\/json\s*(;|$)/i;
const next = 'Send a JSON body with content-type: application/json.';

/**
 * A body that is not JSON is refused, by its type before it is read. Nest would also take forms: a page of another site can send
 * those without asking first, and no field of a form has the types that ours have.
 */
export function takeJsonOnly(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const type = request.headers['content-type'];
    const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
    if (type === undefined || !hasBody || json.test(type)) return done();
    sendProblem(reply, new Problem('not-json', `The body is ${type.slice(0, 100)}, not JSON.`, next).document);
  });
}
