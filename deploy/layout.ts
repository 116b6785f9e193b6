import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.js';
import { readCompose, type ComposeFile, type ComposeService } from './compose-file.js';
import type { Findings } from './findings.js';
import { missingSettings, randomSecret } from './make-env.js';

/** What the checks look at, read once. A check is a function of this: its test hands it a text with a mistake in it. */
export interface Layout {
  readonly composeText: string;
  readonly dockerfile: string;
  readonly dockerignore: string;
  readonly collectorText: string;
  readonly prometheusText: string;
  readonly natsConf: string;
  /** A .env as make-env.ts writes it into an empty checkout. */
  readonly env: Readonly<Record<string, string>>;
  /** The compose file with that .env; throws where it is no YAML. */
  readonly compose: ComposeFile;
}

export type Check = (layout: Layout) => Findings | Promise<Findings>;

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The files of this checkout; `changes` take the place of some. */
export function readLayout(changes: Partial<Omit<Layout, 'env' | 'compose'>> = {}): Layout {
  const composeText = changes.composeText ?? readText('docker-compose.yml');
  const env = Object.fromEntries(missingSettings(composeText, '', randomSecret));
  let compose: ComposeFile | undefined;
  return {
    composeText,
    dockerfile: readText('deploy/Dockerfile'),
    dockerignore: readText('.dockerignore'),
    collectorText: readText('deploy/otel-collector.yaml'),
    prometheusText: readText('deploy/prometheus.yml'),
    natsConf: readText('deploy/nats.conf'),
    ...changes,
    env,
    get compose() {
      return (compose ??= readCompose(composeText, env));
    },
  };
}

/** Which of our apps a container runs; undefined for one that is not ours. */
export const appOf = (service: ComposeService): string | undefined => service.build?.args?.['APP'];

export const shareNetwork = (one: ComposeService, other: ComposeService): boolean =>
  (one.networks ?? []).some((network) => other.networks?.includes(network));
