import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** A service's own figures, read by `/metrics` in Prometheus' text form. */
export class Metrics {
  private readonly reader = new PrometheusExporter({ preventServerStart: true });
  private readonly provider: MeterProvider;
  private readonly serializer = new PrometheusSerializer('lockstep', false);
  readonly meter: Meter;

  constructor(service: string) {
    this.provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      readers: [this.reader],
    });
    this.meter = this.provider.getMeter('lockstep');
  }

  async text(): Promise<string> {
    const { resourceMetrics } = await this.reader.collect();
    return this.serializer.serialize(resourceMetrics);
  }

  async close(): Promise<void> {
    await this.provider.shutdown();
  }
}
