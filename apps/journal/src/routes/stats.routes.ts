import type { FastifyInstance } from 'fastify';
import { overview } from '../domain/overview.js';
import type { JournalStore } from '../persistence/journal.store.js';

/** /api/stats, and the same again one level deeper because the ingress takes the first /stats off. */
export function addStats(server: FastifyInstance, store: JournalStore): void {
  for (const path of ['/stats/overview', '/stats/stats/overview']) {
    server.get(path, async () => ({ data: overview(await store.count()) }));
  }
  server.get('/stats/healthz', () => ({ ok: true }));
}
