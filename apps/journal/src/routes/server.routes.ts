import type { FastifyInstance } from 'fastify';
import { checkEntry, serverWording } from '../domain/entry.js';
import { entryRows } from '../domain/row-limit.js';
import { checkWholeNumber } from '../domain/whole-number.js';
import type { JournalStore } from '../persistence/journal.store.js';
import type { Body } from './body.js';
import { refuse } from './errors.js';
import { pgResult } from './pg-result.js';

const bodyLimit = 102_400;

/** /api/server: whole numbers, and a second door onto the entries. */
export function addServer(server: FastifyInstance, store: JournalStore): void {
  server.get('/server', (_request, reply) => reply.type('text/html; charset=utf-8').send('Hi'));
  server.get('/server/values/all', async () => {
    const { rows, field } = await store.allValues();
    return pgResult(rows, field);
  });
  server.post<{ Body: Body }>('/server/values', { bodyLimit }, async (request, reply) => {
    const number = checkWholeNumber(request.body.value);
    if (!number.ok) return refuse(reply, 400, number.problem);
    await store.addValue(number.value);
    return { working: true };
  });
  server.get('/server/entries/all', async () => ({ rows: await store.newestEntries(entryRows.usual) }));
  server.post<{ Body: Body }>('/server/entries', { bodyLimit }, async (request, reply) => {
    const text = checkEntry(request.body.text, serverWording);
    if (!text.ok) return refuse(reply, 400, text.problem);
    await store.addEntry(text.value);
    return { ok: true };
  });
}
