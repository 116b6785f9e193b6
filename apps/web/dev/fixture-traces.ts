import type { TraceSpan, TraceSummary, TraceView } from '#libs/contracts/src/gateway.js';
import { ago, endpointPaths, idOf, traceOf } from './fixture-apps.js';

type Draft = Partial<TraceSpan> & Pick<TraceSpan, 'service' | 'name' | 'startMs' | 'durationMs'>;

/** Builds spans one under the other; ids are given in order. Names and attributes are those of real traces. */
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
        name: `pg.query:${statement} ${service}`,
        kind: 'client',
        startMs: startMs + index * 0.9,
        durationMs: 0.3 + (index % 4) * 0.2,
        attributes: { 'db.system.name': 'postgresql', 'db.namespace': service },
      }),
    );
  }
}

const inbox = ['BEGIN', 'SELECT', 'SELECT', 'UPDATE', 'INSERT', 'INSERT', 'UPDATE', 'COMMIT'];
const hosts = ['127.0.0.1:9001', 'grace.example.net:8080', 'kirill.example.org:443', 'tomas.example.org:443'];

interface Wanted {
  readonly failed: boolean;
  readonly comparisonId: string | null;
}

/** A batch of three comparisons from the click of a teacher to the rows on the board; one that was asked for among them. */
export function comparisonTrace(traceId: string, { failed, comparisonId }: Wanted): TraceView {
  const draft = new TraceDraft();
  const answer = draftRequest(draft);
  for (const [index, n] of [2, 5, 4].entries()) {
    const isWanted = index === 1 && comparisonId !== null;
    draftComparison(draft, answer, {
      n,
      id: isWanted ? comparisonId : idOf(100 + n),
      startMs: 26 + index * 30,
      failed,
    });
  }
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
    attributes: nats('lockstep.ask.comparator.CompareApps'),
  });
  const answer = draft.add(ask, {
    ...{ service: 'comparator', name: 'answer CompareApps', kind: 'server', startMs: 4, durationMs: 13 },
    attributes: nats('lockstep.ask.comparator.CompareApps'),
  });
  draft.queries(answer, 'comparator', 4.5, inbox);
  return answer;
}

const nats = (destination: string) => ({ 'messaging.system': 'nats', 'messaging.destination.name': destination });

interface OneComparison {
  readonly n: number;
  readonly id: string;
  readonly startMs: number;
  readonly failed: boolean;
}

function draftComparison(draft: TraceDraft, answer: string, { n, id, startMs, failed }: OneComparison): void {
  const work = draft.add(answer, {
    ...{ service: 'comparator', name: 'work comparison', startMs, durationMs: 214 },
    attributes: {
      'lockstep.comparison.id': id,
      'lockstep.app.id': idOf(n),
      'lockstep.verdict': n === 2 ? 'in-sync' : 'out-of-sync',
      'lockstep.attempt': 1,
      'lockstep.work.kind': 'comparison',
    },
  });
  draft.queries(work, 'comparator', startMs + 1, ['SELECT', 'UPDATE', 'SELECT']);
  draftReads(draft, work, { host: hosts[[2, 5, 4].indexOf(n) + 1]!, startMs, failed: failed && n === 5 });
  draftVerdict(draft, work, startMs);
}

/** Both sides of every endpoint at the same time; the last read of the app may fail. */
function draftReads(draft: TraceDraft, work: string, app: { host: string; startMs: number; failed: boolean }): void {
  for (const [index, { path }] of endpointPaths.entries()) {
    for (const [side, host] of [hosts[0]!, app.host].entries()) {
      const isDown = app.failed && side === 1 && index === 3;
      const [address, port] = host.split(':');
      draft.add(work, {
        ...{ service: 'comparator', name: 'GET', kind: 'client' },
        startMs: app.startMs + 8 + index * 3,
        durationMs: 28 + side * (60 + index * 14),
        failed: isDown,
        message: isDown ? 'HTTP 503' : null,
        attributes: {
          'http.request.method': 'GET',
          'http.response.status_code': isDown ? 503 : 200,
          'http.response.body.size': 18_204,
          'server.address': address!,
          'server.port': Number(port),
          'url.path': path,
        },
      });
    }
  }
}

/** The verdict, and who hears of it. */
function draftVerdict(draft: TraceDraft, work: string, startMs: number): void {
  draft.queries(work, 'comparator', startMs + 190, inbox);
  const publish = draft.add(work, {
    ...{
      service: 'comparator',
      name: 'publish ParityComputed',
      kind: 'producer',
      startMs: startMs + 215,
      durationMs: 2.1,
    },
    attributes: { ...nats('lockstep.ev.comparator.ParityComputed'), 'lockstep.log.n': 1_284 },
  });
  const process = draft.add(publish, {
    ...{
      service: 'leaderboard',
      name: 'process ParityComputed',
      kind: 'consumer',
      startMs: startMs + 220,
      durationMs: 11,
    },
    attributes: { ...nats('ParityComputed'), 'lockstep.log.n': 1_284, 'messaging.operation.type': 'process' },
  });
  draft.queries(process, 'leaderboard', startMs + 221, inbox);
}

function viewOf(traceId: string, { spans }: TraceDraft, secondsAgo: number, spansTotal = spans.length): TraceView {
  const durationMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  return { traceId, startedAt: ago(secondsAgo), durationMs, spans, spansTotal };
}

const names = [
  'POST /api/v1/comparisons',
  'work fill-schedule',
  'POST /api/v1/fills',
  'work compare-schedule',
  'POST /api/v1/apps',
  'POST /api/v1/session',
];

export const traceList = (): TraceSummary[] =>
  Array.from({ length: 24 }, (_, index) => ({
    traceId: traceOf(index + 1),
    name: names[index % names.length]!,
    service: index % 3 === 1 ? 'submission' : 'gateway',
    startedAt: ago(4 + index * 17),
    durationMs: [263.2, 8_412, 6.4, 1_204.5, 48.1, 902][index % names.length]!,
    spans: [109, 312, 4, 88, 31, 120][index % names.length]!,
    failed: index % 7 === 3 ? 1 : 0,
    services: [
      ['comparator', 'filler', 'gateway', 'leaderboard', 'submission'],
      ['filler', 'leaderboard', 'submission'],
      ['gateway', 'leaderboard'],
    ][index % 3]!,
  }));

/** As long as a trace of a whole fill: to see that the page bears it, and says that there is more. */
export function fillTrace(traceId: string): TraceView {
  const draft = new TraceDraft();
  const root = draft.add(null, { service: 'submission', name: 'work fill-schedule', startMs: 0, durationMs: 14 });
  for (let app = 0; app < 20; app++) {
    const part = draft.add(root, {
      service: 'filler',
      name: 'work fill-part',
      startMs: 20 + app * 90,
      durationMs: 400 + (app % 5) * 120,
      attributes: {
        'lockstep.fill.number': 41,
        'lockstep.target.role': app === 0 ? 'baseline' : 'app',
        ...(app === 0 ? {} : { 'lockstep.app.id': idOf(app) }),
      },
    });
    for (let write = 0; write < 12; write++)
      draft.add(part, {
        service: 'filler',
        name: 'POST',
        kind: 'client',
        startMs: 30 + app * 90 + write * 28,
        durationMs: 22,
        attributes: {
          'http.request.method': 'POST',
          'http.response.status_code': 200,
          'server.address': app === 0 ? '127.0.0.1' : `app-${app}.example.org`,
          'server.port': app === 0 ? 9001 : 443,
          'url.path': '/api/journal/entries',
        },
      });
    draft.queries(part, 'filler', 380 + app * 90, ['UPDATE', 'INSERT', 'COMMIT']);
  }
  return viewOf(traceId, draft, 300, 5_140);
}
