import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { installTelemetry } from '../src/telemetry/install.js';
import { asService, configureTracing, shutdownTracing } from '../src/telemetry/providers.js';
import { inSpan } from '../src/telemetry/spans.js';

interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly { name: string; traceId: string; parentSpanId?: string }[];
    }[];
  }[];
}

describe('the export of spans', () => {
  let collector: Server;
  let url: string;
  const received: { path: string; body: Exported }[] = [];
  beforeAll(async () => {
    installTelemetry();
    collector = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ path: request.url ?? '', body: JSON.parse(body) as Exported });
        response.end('{}');
      });
    });
    await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  afterAll(() => collector?.close());

  it('sends the spans of two services of one process under their own names, as one trace', async () => {
    configureTracing('one', { otlpEndpoint: `${url}/` });
    configureTracing('other', { otlpEndpoint: url });
    await asService('one', () =>
      inSpan('ask', { root: true }, () => asService('other', () => inSpan('answer', {}, async () => undefined))),
    );
    await Promise.all([shutdownTracing('one'), shutdownTracing('other')]);
    const spans = received.flatMap(({ body }) =>
      body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({
            ...span,
            service: resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue,
          })),
        ),
      ),
    );
    const [ask, answer] = ['ask', 'answer'].map((name) => spans.find((span) => span.name === name)!);
    expect([ask?.service, answer?.service]).toEqual(['one', 'other']);
    expect(answer?.traceId).toBe(ask?.traceId);
    expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
  });

  it('holds up nobody’s end when the collector does not answer', async () => {
    const deaf = createServer(() => undefined);
    await new Promise<void>((done) => deaf.listen(0, '127.0.0.1', done));
    configureTracing('one', { otlpEndpoint: `http://127.0.0.1:${(deaf.address() as AddressInfo).port}` });
    await asService('one', () => inSpan('unheard', { root: true }, async () => undefined));
    const began = performance.now();
    await shutdownTracing('one');
    expect(performance.now() - began).toBeLessThan(3_000);
    deaf.closeAllConnections();
    deaf.close();
  });
});
