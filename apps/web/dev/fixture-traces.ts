import type { TraceSpan, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import { ago, endpointPaths, idOf, traceOf } from './fixture-apps.js';

type Draft = Partial<TraceSpan> & Pick<TraceSpan, 'service' | 'name' | 'startMs' | 'durationMs'>;

/** Builds spans one under the other; ids are given in order. */
class TraceDraft {
  readonly spans: TraceSpan[] = [];

  add(parentId: string | null, draft: Draft): string {
    const spanId = (0xa000 + this.spans.length).toString(16).padStart(16, '0');
    this.spans.push({ parentId, spanId, kind: 'internal', failed: false, message: null, attributes: {}, ...draft });
    return spanId;
  }

  queries(parentId: string, service: string, startMs: number, statements: readonly string[]): void {
    statements.forEach((statement, index) =>
      this.add(parentId, {
        service,
        name: `pg.query:${statement}`,
        kind: 'client',
        startMs: startMs + index * 0.9,
        durationMs: 0.3 + (index % 4) * 0.2,
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': service },
      }),
    );
  }
}

const inbox = ['BEGIN', 'SELECT', 'SELECT', 'UPDATE', 'INSERT', 'INSERT', 'UPDATE', 'COMMIT'];

/** A comparison from the click of a teacher to the row on the board: 60-odd spans over five services. */
export function comparisonTrace(traceId: string, failed: boolean): TraceView {
  const draft = new TraceDraft();
  const work = draftWork(draft, draftRequest(draft));
  draftReads(draft, work, failed);
  draftVerdict(draft, work);
  return viewOf(traceId, draft, 40);
}

/** The request of the teacher, and its answer by the comparator. */
function draftRequest(draft: TraceDraft): string {
  const root = draft.add(null, {
    ...{ service: 'gateway', name: 'POST /api/v1/comparisons', kind: 'server', startMs: 0, durationMs: 21 },
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/v1/comparisons',
      'http.response.status_code': 202,
    },
  });
  draft.queries(root, 'gateway', 0.6, ['SELECT', 'SELECT']);
  const ask = draft.add(root, {
    ...{ service: 'gateway', name: 'ask CompareApps', kind: 'client', startMs: 3, durationMs: 16 },
    attributes: { 'messaging.system': 'nats' },
  });
  const answer = draft.add(ask, {
    ...{ service: 'comparator', name: 'answer CompareApps', kind: 'server', startMs: 4, durationMs: 13 },
  });
  draft.queries(answer, 'comparator', 4.5, inbox);
  return answer;
}

function draftWork(draft: TraceDraft, answer: string): string {
  const work = draft.add(answer, {
    ...{ service: 'comparator', name: 'work comparison', startMs: 26, durationMs: 214 },
    attributes: {
      'lockstep.comparison.id': idOf(105),
      'lockstep.app.id': idOf(5),
      'lockstep.verdict': 'out-of-sync',
      'lockstep.attempt': 1,
    },
  });
  draft.queries(work, 'comparator', 27, ['SELECT', 'UPDATE', 'SELECT']);
  return work;
}

/** Both sides of every endpoint at the same time; the last read of the app may fail. */
function draftReads(draft: TraceDraft, work: string, failed: boolean): void {
  for (const [index, { path }] of endpointPaths.entries()) {
    for (const [side, host] of ['127.0.0.1:9001', 'kirill.example.org'].entries()) {
      const isDown = failed && side === 1 && index === 3;
      draft.add(work, {
        ...{ service: 'comparator', name: 'GET', kind: 'client' },
        startMs: 34 + index * 3,
        durationMs: 28 + side * (60 + index * 14),
        failed: isDown,
        message: isDown ? 'HTTP 503' : null,
        attributes: {
          'http.request.method': 'GET',
          'http.response.status_code': isDown ? 503 : 200,
          'server.address': host,
          'url.path': path,
        },
      });
    }
  }
}

/** The verdict, and everybody who hears of it. */
function draftVerdict(draft: TraceDraft, work: string): void {
  draft.add(work, { service: 'comparator', name: 'judge bodies', startMs: 176, durationMs: 42 });
  draft.queries(work, 'comparator', 220, inbox);
  const publish = draft.add(work, {
    ...{ service: 'comparator', name: 'publish ParityComputed', kind: 'producer', startMs: 241, durationMs: 2.1 },
    attributes: { 'messaging.system': 'nats', 'lockstep.log.n': 1_284 },
  });
  for (const [index, service] of ['leaderboard', 'filler', 'submission'].entries()) {
    const process = draft.add(publish, {
      ...{ service, name: 'process ParityComputed', kind: 'consumer', startMs: 246 + index * 2, durationMs: 11 },
      attributes: { 'lockstep.log.n': 1_284, 'messaging.operation.type': 'process' },
    });
    draft.queries(process, service, 247 + index * 2, inbox);
  }
}

function viewOf(traceId: string, { spans }: TraceDraft, secondsAgo: number): TraceView {
  const durationMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  return { traceId, startedAt: ago(secondsAgo), durationMs, spans };
}

const names = [
  'POST /api/v1/comparisons',
  'timer fill',
  'GET /api/v1/board',
  'timer comparison',
  'POST /api/v1/apps',
  'work fill-part',
];

export const traceList = (): TraceSummary[] =>
  Array.from({ length: 24 }, (_, index) => ({
    traceId: traceOf(index + 1),
    name: names[index % names.length]!,
    service: index % 3 === 1 ? 'submission' : 'gateway',
    startedAt: ago(4 + index * 17),
    durationMs: [263.2, 8_412, 6.4, 1_204.5, 48.1, 902][index % names.length]!,
    spans: [65, 312, 4, 88, 31, 120][index % names.length]!,
    failed: index % 7 === 3 ? 1 : 0,
    services: [
      ['comparator', 'filler', 'gateway', 'leaderboard', 'submission'],
      ['filler', 'leaderboard', 'submission'],
      ['gateway', 'leaderboard'],
    ][index % 3]!,
  }));

/** As long as a trace of a whole fill: to see that the page bears it. */
export function longTrace(traceId: string): TraceView {
  const draft = new TraceDraft();
  const root = draft.add(null, { service: 'submission', name: 'timer fill', startMs: 0, durationMs: 14 });
  for (let app = 0; app < 20; app++) {
    const part = draft.add(root, {
      service: 'filler',
      name: 'work fill-part',
      startMs: 20 + app * 90,
      durationMs: 400 + (app % 5) * 120,
    });
    for (let write = 0; write < 12; write++)
      draft.add(part, {
        service: 'filler',
        name: 'POST /api/journal/entries',
        kind: 'client',
        startMs: 30 + app * 90 + write * 28,
        durationMs: 22,
        attributes: { 'http.response.status_code': 200 },
      });
    draft.queries(part, 'filler', 380 + app * 90, ['UPDATE', 'INSERT', 'COMMIT']);
  }
  return viewOf(traceId, draft, 300);
}
