import { parse } from 'yaml';
import type { ComposeFile } from '../compose-file.js';
import { about, unless, type Findings } from '../findings.js';
import { shareNetwork, type Layout } from '../layout.js';
import { services } from '#libs/contracts/src/catalogue.js';

interface Collector {
  readonly receivers?: Readonly<Record<string, { protocols?: { http?: { endpoint?: string } } } | null>>;
  readonly processors?: Readonly<Record<string, unknown>>;
  readonly exporters?: Readonly<Record<string, { endpoint?: string } | null>>;
  readonly service?: {
    readonly pipelines?: Readonly<Record<string, Readonly<Partial<Record<Stage, readonly string[]>>>>>;
  };
}
type Stage = 'receivers' | 'processors' | 'exporters';

const stages: readonly Stage[] = ['receivers', 'processors', 'exporters'];
const collectorName = 'otel-collector';

/** Spans and figures get where they are meant to: declared parts, addresses of containers, the same ports on both sides. */
export function checkTelemetry({ collectorText, prometheusText, compose }: Layout): Findings {
  const collector = parse(collectorText) as Collector;
  return [
    ...about('deploy/otel-collector.yaml', [...checkParts(collector), ...checkAddresses(collector, compose)]),
    ...about('deploy/prometheus.yml', checkTargets(prometheusText, compose)),
  ];
}

function checkParts({ service = {}, ...collector }: Collector): Findings {
  const pipelines = Object.entries(service.pipelines ?? {});
  const ofStages = stages.flatMap((stage) => {
    const declared = Object.keys(collector[stage] ?? {});
    const used = pipelines.flatMap(([, pipeline]) => pipeline[stage] ?? []);
    return [
      ...used.flatMap((part) => unless(declared.includes(part), `a pipeline uses ${part}, not declared in ${stage}`)),
      ...declared.flatMap((part) => unless(used.includes(part), `no pipeline uses ${part}, declared in ${stage}`)),
    ];
  });
  return [
    ...unless(
      pipelines.some(([name]) => name === 'traces'),
      'there is no pipeline for traces',
    ),
    ...pipelines.flatMap(([name, { receivers, exporters }]) =>
      unless(receivers?.length && exporters?.length, `the pipeline ${name} leads nowhere`),
    ),
    ...ofStages,
  ];
}

function checkAddresses(
  { receivers = {}, exporters = {} }: Collector,
  { services: containers }: ComposeFile,
): Findings {
  const self = containers[collectorName];
  if (!self) return [`docker-compose.yml has no container ${collectorName}`];
  const heard = Object.values(receivers).map((receiver) =>
    receiver?.protocols?.http?.endpoint?.replace('0.0.0.0', `http://${collectorName}`),
  );
  const told = services.map((name) => containers[name]?.environment?.['OTEL_EXPORTER_OTLP_ENDPOINT']);
  const hosts = Object.values(exporters).map((exporter) => exporter?.endpoint?.split(':')[0] ?? '');
  return [
    ...[...new Set(told)].flatMap((url) =>
      unless(heard.includes(url), `services send to ${url}, where nobody listens`),
    ),
    ...hosts.flatMap((host) =>
      unless(shareNetwork(self, containers[host] ?? {}), `an exporter sends to ${host}, which it cannot reach`),
    ),
  ];
}

interface Prometheus {
  readonly scrape_configs?: readonly {
    readonly static_configs?: readonly { readonly targets?: readonly string[] }[];
  }[];
}

function checkTargets(text: string, { services: containers }: ComposeFile): Findings {
  const { scrape_configs: jobs = [] } = parse(text) as Prometheus;
  const targets = jobs.flatMap((job) => (job.static_configs ?? []).flatMap((one) => one.targets ?? []));
  const wanted = services.map((name) => `${name}:${containers[name]?.environment?.['PORT']}`);
  return [
    ...wanted.flatMap((target) => unless(targets.includes(target), `${target} is not among the targets`)),
    ...targets.flatMap((target) => unless(wanted.includes(target), `no service answers at ${target}`)),
  ];
}
