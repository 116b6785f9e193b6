import { setTimeout as sleep } from 'node:timers/promises';
import {
  context,
  createContextKey,
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { attribute } from './names.js';

/**
 * One tracer provider per service, so that a span carries the right service name even when all services share a process.
 * A span belongs to, in order: its `lockstep.service` attribute, the service of its context, its local parent's, the fallback.
 */
const SERVICE = createContextKey('lockstep.service');
const providers = new Map<string, TracerProvider>();
const owner = new WeakMap<Span, string>();
const fallback = 'lockstep';

/** Limits of the queue between a span's end and its export; what does not fit is dropped, never waited for. */
const queue = { maxQueueSize: 8_192, maxExportBatchSize: 512, scheduledDelayMillis: 300, exportTimeoutMillis: 5_000 };

export interface TracingSettings {
  /** Base URL of an OTLP/HTTP collector, as in OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlpEndpoint?: string | undefined;
  /** Where spans go besides: the gateway's store. */
  readonly exporters?: readonly SpanExporter[];
}

/** Before the first span of `service`; a later call replaces the provider (tests start services again). */
export function configureTracing(service: string, settings: TracingSettings): void {
  const exporters: SpanExporter[] = [...(settings.exporters ?? [])];
  if (settings.otlpEndpoint)
    exporters.push(new OTLPTraceExporter({ url: `${settings.otlpEndpoint.replace(/\/$/, '')}/v1/traces` }));
  const spanProcessors: SpanProcessor[] = exporters.map((exporter) => new BatchSpanProcessor({ exporter, ...queue }));
  providers.set(
    service,
    new TracerProvider({ resource: resourceFromAttributes({ 'service.name': service }), spanProcessors }),
  );
}

/** A collector that does not answer holds up nobody's end. */
const flushMsMax = 2_000;

export async function shutdownTracing(service: string): Promise<void> {
  const provider = providers.get(service);
  providers.delete(service);
  if (!provider) return;
  const late = new AbortController();
  await Promise.race([provider.shutdown(), sleep(flushMsMax, undefined, { signal: late.signal, ref: false })]);
  late.abort();
}

const provider = (service: string): TracerProvider => {
  const found = providers.get(service) ?? new TracerProvider();
  providers.set(service, found);
  return found;
};

class RoutingTracer implements Tracer {
  constructor(
    private readonly name: string,
    private readonly version?: string,
  ) {}

  startSpan(name: string, options: SpanOptions = {}, ctx: Context = context.active()): Span {
    const parent = options.root ? undefined : trace.getSpan(ctx);
    const service =
      (options.attributes?.[attribute.service] as string | undefined) ??
      (ctx.getValue(SERVICE) as string | undefined) ??
      (parent && owner.get(parent)) ??
      fallback;
    const span = provider(service).getTracer(this.name, this.version).startSpan(name, options, ctx);
    owner.set(span, service);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ) {
    const run = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const ctx = rest.length > 2 ? (rest[1] as Context) : context.active();
    const span = this.startSpan(name, options, ctx);
    return context.with(trace.setSpan(ctx, span), () => run(span) as ReturnType<F>);
  }
}

/** The one global provider that instrumentations and our own code share. */
export const routingProvider = {
  getTracer: (name: string, version?: string): Tracer => new RoutingTracer(name, version),
};

/** Everything awaited inside belongs to `service`: message handlers, timers, start-up. */
export const asService = <T>(service: string, run: () => T): T =>
  context.with(context.active().setValue(SERVICE, service), run);
