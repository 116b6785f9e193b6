import { SpanKind, SpanStatusCode, type HrTime } from '@opentelemetry/api';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** A finished span as it travels to the gateway's store. Times in µs; attribute values are short and hold no payload. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly failed: boolean;
  readonly message: string | null;
  readonly attributes: Record<string, string | number | boolean>;
}

const micros = (time: HrTime): number => time[0] * 1_000_000 + Math.round(time[1] / 1_000);

export const toSpanRecord = (span: ReadableSpan, service: string): SpanRecord => ({
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parentId: span.parentSpanContext?.spanId ?? null,
  service,
  name: span.name.slice(0, 120),
  kind: SpanKind[span.kind]?.toLowerCase() ?? 'internal',
  startUs: micros(span.startTime),
  durationUs: micros(span.duration),
  failed: span.status.code === SpanStatusCode.ERROR,
  message: span.status.message?.slice(0, 200) ?? null,
  attributes: Object.fromEntries(
    Object.entries(span.attributes)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .slice(0, 24)
      .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, 300) : (value as number | boolean)]),
  ),
});

/** Hands finished spans to `sink` in batches. A sink that fails loses the batch: telemetry never holds up the work. */
export class SpanRecordExporter implements SpanExporter {
  constructor(
    private readonly service: string,
    private readonly sink: (records: SpanRecord[]) => void,
  ) {}

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    try {
      this.sink(spans.map((span) => toSpanRecord(span, this.service)));
      done({ code: ExportResultCode.SUCCESS });
    } catch (error) {
      done({ code: ExportResultCode.FAILED, error: error as Error });
    }
  }

  async shutdown(): Promise<void> {}
}
