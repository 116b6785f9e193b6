import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { context, propagation } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EgressClient } from '../src/egress-client.js';
import { EgressPolicy } from '../src/egress-policy.js';

describe('the span of a request', () => {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((req, res) => {
    seen.push(req.headers);
    if (req.url?.startsWith('/drop')) return void req.socket.destroy();
    res.end('secret answer');
  });
  let port = 0;
  let client: EgressClient;
  let stopInstrumenting: () => void;
  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    stopInstrumenting = registerInstrumentations({ tracerProvider, instrumentations: [new UndiciInstrumentation()] });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    port = (server.address() as AddressInfo).port;
    const policy = new EgressPolicy({ allow: [`127.0.0.1:${port}`] });
    client = new EgressClient({ policy, tracer: tracerProvider.getTracer('test') });
  });
  afterAll(() => {
    client.close();
    stopInstrumenting();
    server.closeAllConnections();
    server.close();
    context.disable();
    propagation.disable();
  });
  beforeEach(() => exporter.reset());

  it('is one, a client span named by the method, with ids and counts and nothing of what was said', async () => {
    const url = `http://127.0.0.1:${port}/api/entries?token=hidden`;
    await client.request({ method: 'POST', url, body: 'secret question', headers: { authorization: 'hidden' } });
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([['POST', SpanKind.CLIENT]]);
    expect(spans[0]?.attributes).toEqual({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.path': '/api/entries',
      'http.request.body.size': 15,
      'http.response.status_code': 200,
      'http.response.body.size': 13,
    });
    expect(JSON.stringify([spans[0]?.events, spans[0]?.status])).not.toMatch(/secret|hidden/);
  });

  it('tells a stranger nothing of our traces, even with the undici instrumentation on', async () => {
    await tracerProvider.getTracer('test').startActiveSpan('parent', async (parent) => {
      await client.request({ method: 'GET', url: `http://127.0.0.1:${port}/` });
      parent.end();
    });
    expect(seen.at(-1)).not.toHaveProperty('traceparent');
    const [child, parent] = exporter.getFinishedSpans();
    expect(child?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(exporter.getFinishedSpans()).toHaveLength(2);
  });

  it('of a failure carries its code', async () => {
    await expect(client.request({ method: 'GET', url: `http://127.0.0.1:${port}/drop` })).rejects.toThrow();
    const [span] = exporter.getFinishedSpans();
    expect(span?.attributes['error.type']).toMatch(/^(connection-lost|stale-connection)$/);
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });
});
