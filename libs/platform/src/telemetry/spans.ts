import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api';
import { attribute } from './names.js';

const tracer = () => trace.getTracer('lockstep');

/** Runs `work` in a span that ends with it; an error marks the span and is thrown on. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
  parent: Context = context.active(),
): Promise<T> {
  return tracer().startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** As `inSpan`, within a trace only: what polls all day would bury the traces that matter. */
export const inChildSpan = <T>(
  name: string,
  options: SpanOptions,
  work: () => Promise<T>,
  parent: Context = context.active(),
): Promise<T> => (trace.getSpanContext(parent) ? inSpan(name, options, work, parent) : work());

/** For what belongs to no single trace. */
export const outsideTraces = <T>(work: () => T): T => context.with(trace.deleteSpan(context.active()), work);

export function markFailed(span: Span, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  span.setAttribute(attribute.errorType, name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 200) });
}

/** For an error that becomes an answer instead of being thrown on. */
export function markActiveSpanFailed(error: unknown): void {
  const span = trace.getActiveSpan();
  if (span) markFailed(span, error);
}

/** The active span as a W3C `traceparent`, to be stored with what happens later; undefined outside any trace. */
export function currentTraceparent(ctx: Context = context.active()): string | undefined {
  const span = trace.getSpanContext(ctx);
  if (!span || !isSpanContextValid(span)) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(ctx, carrier);
  return carrier['traceparent'];
}

/** The `traceparent` that makes what follows a child of this span. */
export const traceparentOf = (span: Span): string | null =>
  currentTraceparent(trace.setSpan(ROOT_CONTEXT, span)) ?? null;

/** The context that a stored `traceparent` stands for, on top of the active one. */
export const contextOf = (traceparent: string | undefined | null): Context =>
  traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();

export const traceIdOf = (traceparent: string | undefined | null): string | null => traceparent?.split('-')[1] ?? null;
