// One client span per request: named by its method, with ids and counts, never payloads, queries or headers.
import {
  context,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { EgressError } from './egress-code.js';

/** Runs `work` in a client span; a failure sets `error.type` to its code. */
export async function inSpan<T>(tracer: Tracer, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  const name = String(attributes['http.request.method']);
  return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const code = error instanceof EgressError ? error.code : 'fault';
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      if (error instanceof EgressError && error.status) span.setAttribute('http.response.status_code', error.status);
      throw error;
    } finally {
      span.end();
    }
  });
}

// The key of @opentelemetry/core's suppressTracing: without it the undici instrumentation would record every request a second time
// and send our trace ids to strangers.
const suppressed = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Runs `work` where no instrumentation records or injects anything. */
export function untraced<T>(work: () => T): T {
  return context.with(context.active().setValue(suppressed, true), work);
}
