import { forVisitors } from './for-visitors.js';
import type { TraceSpan } from '#libs/contracts/src/gateway.js';

const span = (name: string, attributes: TraceSpan['attributes'], message: string | null = null): TraceSpan => ({
  ...{ spanId: 'x', parentId: null, service: 'comparator', name, kind: 'client', startMs: 0, durationMs: 1 },
  ...{ failed: message !== null, message, attributes },
});
const shown = (one: TraceSpan) =>
  forVisitors({ traceId: 'x', startedAt: '2026-11-20T10:00:00.000Z', durationMs: 1, spans: [one], spansTotal: 1 })
    .spans[0]!;

describe('a trace as visitors see it', () => {
  it('says that a database was asked, and neither what nor where', () => {
    const statement = {
      'db.system.name': 'postgresql',
      'db.namespace': 'lockstep_comparator',
      'db.query.text': 'select secret from table_of_ours',
      'server.address': '127.0.0.1',
      'server.port': 21304,
      'lockstep.service': 'comparator',
    };
    const one = shown(span('pg.query:SELECT lockstep_comparator', statement, 'relation table_of_ours does not exist'));
    expect(one).toMatchObject({ name: 'pg.query:SELECT', failed: true, message: 'the statement failed' });
    expect(one.attributes).toEqual({ 'db.system.name': 'postgresql', 'lockstep.service': 'comparator' });
    expect(JSON.stringify(one)).not.toMatch(/lockstep_|table_of_ours|21304/);
  });

  it('shows everything else as it is: the address of an app is no secret', () => {
    const fetch = span('GET', { 'server.address': 'ada.example.org', 'server.port': 443 }, 'timeout');
    expect(shown(fetch)).toEqual(fetch);
  });
});
