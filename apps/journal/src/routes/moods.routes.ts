import type { FastifyInstance } from 'fastify';
import { checkMood } from '../domain/mood.js';
import { moodRows, rowLimit } from '../domain/row-limit.js';
import type { JournalStore } from '../persistence/journal.store.js';
import type { Body } from './body.js';
import { refuse } from './errors.js';

const bodyBytesMax = 102_400;

/** /api/moods, and the same again one level deeper because the ingress takes the first /moods off. */
export function addMoods(server: FastifyInstance, store: JournalStore): void {
  for (const path of ['/moods', '/moods/moods']) {
    server.get<{ Querystring: { limit?: unknown } }>(`${path}/all`, async (request) => ({
      rows: await store.newestMoods(rowLimit(request.query.limit, moodRows)),
    }));
    server.post<{ Body: Body }>(path, { bodyLimit: bodyBytesMax }, async (request, reply) => {
      const row = checkMood(request.body.mood, request.body.note);
      return row.ok ? { ok: true, mood: await store.addMood(row.value) } : refuse(reply, 400, row.problem);
    });
  }
  server.get('/moods/healthz', () => ({ ok: true }));
}
