import type { FastifyInstance } from 'fastify';
import { checkEntry, gatewayWording } from '../domain/entry.js';
import { entryRows, rowLimit } from '../domain/row-limit.js';
import type { JournalStore } from '../persistence/journal.store.js';
import type { Body } from './body.js';
import { refuse } from './errors.js';

interface Limited {
  Querystring: { limit?: unknown };
}
const aiTasks = ['insights', 'prompt', 'summary', 'goals', 'anomaly', 'pattern', 'transcript', 'partner', 'chat'];

/** /api/journal, /api/entries and /api/ai. There is no AI behind this journal: its routes say so with 503. */
export function addGateway(server: FastifyInstance, store: JournalStore): void {
  server.get<Limited>('/gateway/entries/all', async (request) => ({
    rows: await store.newestEntries(rowLimit(request.query.limit, entryRows)),
  }));
  server.post<{ Body: Body }>('/gateway/entries', async (request, reply) => {
    const text = checkEntry(request.body.text, gatewayWording);
    return text.ok ? { ok: true, entry: await store.addEntry(text.value) } : refuse(reply, 400, text.problem);
  });
  server.get('/gateway/healthz', () => ({ ok: true, services: { entries: 'in this process', openai: false } }));
  server.get('/gateway/ai/healthz', (_request, reply) => refuse(reply, 503, 'OPENAI_API_KEY missing'));
  for (const task of aiTasks) {
    server.post(`/gateway/ai/${task}`, (_request, reply) =>
      refuse(reply, 503, 'OPENAI_API_KEY is not configured on the API gateway'),
    );
  }
}
