import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attribute } from './telemetry/names.js';
import { asService } from './telemetry/providers.js';

const spans = new WeakMap<FastifyRequest, Span>();

/** Health checks, metrics and endless streams would only bury the traces that matter. */
const untraced = /^\/(livez|readyz|healthz|metrics|assets\/|favicon|api\/v1\/events)/;

/**
 * One server span per API request, named by its route. A caller's own trace context is not continued: this is the public
 * edge, and a stranger's ids would let him write into another trace.
 */
export function traceHttp(server: FastifyInstance, service: string): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (untraced.test(request.url) || !request.url.startsWith('/api')) return done();
    const route = request.routeOptions.url ?? 'unknown route';
    const attributes = { [attribute.httpMethod]: request.method, [attribute.httpRoute]: route };
    const span = asService(service, () =>
      trace
        .getTracer('lockstep')
        .startSpan(`${request.method} ${route}`, { root: true, kind: SpanKind.SERVER, attributes }),
    );
    spans.set(request, span);
    reply.header('x-trace-id', span.spanContext().traceId);
    asService(service, () => context.with(trace.setSpan(context.active(), span), done));
  });
  server.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    span?.setAttribute(attribute.httpStatus, reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    done();
  });
}

/** The trace of a request, for a problem document made outside its context. */
export const traceIdOfRequest = (request: FastifyRequest): string | undefined =>
  spans.get(request)?.spanContext().traceId;

/** A request's context again, where a callback has lost it. */
export const contextOfRequest = (request: FastifyRequest) => {
  const span = spans.get(request);
  return span ? trace.setSpan(ROOT_CONTEXT, span) : ROOT_CONTEXT;
};
