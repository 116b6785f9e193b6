import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../checkout.js';
import type { ComposeFile, ComposeService } from '../compose-file.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, type Layout } from '../layout.js';

type Rule = (service: ComposeService, compose: ComposeFile) => string[];

/** Each container by itself: a pinned image or a known app, limits written out, no privileges, files that exist. */
export function checkContainers({ compose }: Layout): Findings {
  const rules: readonly Rule[] = [origin, limits, privileges, dependencies, mounts, paths];
  return Object.entries(compose.services).flatMap(([name, service]) =>
    about(
      `docker-compose.yml, ${name}`,
      rules.flatMap((rule) => rule(service, compose)),
    ),
  );
}

const natsVersionMin = [2, 9, 10];

const origin: Rule = (service) => {
  const { build, image = 'its image' } = service;
  if (build) {
    const app = appOf(service) ?? '';
    return [
      ...unless(app && existsSync(join(root, 'apps', app, 'src/main.ts')), `APP=${app} names no app below apps/`),
      ...unless(build.context === '.', 'build with context: .'),
      ...unless(build.dockerfile === 'deploy/Dockerfile', 'build with dockerfile: deploy/Dockerfile'),
    ];
  }
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? '';
  if (!/^v?\d+\.\d+(\.\d+)?(-|$)/.test(tag)) return [`pin ${image} by its full version`];
  const isOldNats = image.startsWith('nats:') && isOlder(tag, natsVersionMin);
  return unless(!isOldNats, `${image} is older than ${natsVersionMin.join('.')}`);
};

/** Compares the numbers at the front of a tag, such as 2.14.5-alpine3.22, from left to right. */
function isOlder(tag: string, wanted: readonly number[]): boolean {
  const found = tag.split('-')[0]!.split('.').map(Number);
  const different = wanted.findIndex((part, index) => part !== found[index]);
  return different !== -1 && (found[different] ?? 0) < wanted[different]!;
}

const limits: Rule = ({ mem_limit, pids_limit, restart }) => [
  ...unless(mem_limit, 'say mem_limit'),
  ...unless(pids_limit, 'say pids_limit'),
  ...unless(restart === 'unless-stopped', 'say restart: unless-stopped'),
];

const privileges: Rule = ({ cap_add, cap_drop, privileged, read_only, security_opt }) => [
  ...unless(!cap_add?.length && !privileged, 'nothing here needs a capability: no cap_add, no privileged'),
  ...unless(cap_drop?.includes('ALL'), 'say cap_drop: [ALL]'),
  ...unless(read_only, 'say read_only: true'),
  ...unless(security_opt?.includes('no-new-privileges:true'), 'say no-new-privileges:true in security_opt'),
];

const dependencies: Rule = (service, compose) =>
  Object.entries(service.depends_on ?? {}).flatMap(([target, { condition }]) => {
    const other = compose.services[target];
    if (!other) return [`depends_on names ${target}, which is no service`];
    const isAsked = (other.build ?? other.healthcheck) !== undefined;
    const comesUp = !other.profiles || other.profiles.some((profile) => service.profiles?.includes(profile));
    return [
      ...unless(condition !== 'service_healthy' || isAsked, `waits until ${target} is healthy, and nobody asks it`),
      ...unless(condition !== 'service_started' || !isAsked, `wait until ${target} is healthy, not only started`),
      ...unless(comesUp, `depends on ${target}, which needs the profile ${other.profiles?.join(' or ')}`),
    ];
  });

/** `source:target[:mode]`, where a source with a slash is a file of the checkout, and any other a volume. */
const mounts: Rule = ({ volumes = [] }, compose) =>
  volumes.flatMap((volume) => {
    const source = volume.split(':')[0]!;
    return source.includes('/')
      ? unless(existsSync(join(root, source)), `mounts ${source}, which does not exist`)
      : unless(source in compose.volumes, `uses the volume ${source}, which is not declared`);
  });

/** What a command is told to read or to write lies in a mount. */
const paths: Rule = ({ command = [], image, volumes = [] }) => {
  const targets = volumes.map((volume) => volume.split(':')[1]!);
  const named = command.flatMap((word) => /^(?:-[^=]*=)?(\/.*)$/.exec(word)?.[1] ?? []);
  const isMounted = (path: string) => targets.some((target) => path === target || path.startsWith(`${target}/`));
  return named.flatMap((path) =>
    unless(!image || isMounted(path), `its command names ${path}, where nothing is mounted`),
  );
};
