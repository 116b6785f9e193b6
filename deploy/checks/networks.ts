import type { ComposeFile, ComposeService } from '../compose-file.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, shareNetwork, type Layout } from '../layout.js';

/** Apps that are not ours to trust, and who visits them. */
const foreignApps = ['journal', 'faulty-student'];
const visitors = ['filler', 'comparator'];
const publicDoor = 'gateway';

/** Who can reach whom: Postgres and NATS from no outside, apps under test in a network of their own, one public door. */
export function checkNetworks({ compose }: Layout): Findings {
  const rules = [declared, stores, foreign, doors, addresses];
  return about(
    'docker-compose.yml',
    rules.flatMap((rule) => rule(compose)),
  );
}

const isStore = ({ image = '' }: ComposeService): boolean => /^(postgres|nats):/.test(image);
const isForeign = (service: ComposeService): boolean => foreignApps.includes(appOf(service) ?? '');

const declared = ({ services, networks }: ComposeFile): string[] =>
  Object.entries(services).flatMap(([name, service]) => [
    ...unless(service.networks?.length, `${name} is in the default network: name its networks`),
    ...(service.networks ?? []).flatMap((network) =>
      unless(network in networks, `${name} is in the network ${network}, which is not declared`),
    ),
  ]);

const stores = ({ services, networks }: ComposeFile): string[] =>
  Object.entries(services)
    .filter(([, service]) => isStore(service))
    .flatMap(([name, service]) => [
      ...unless(!service.ports?.length, `${name} must not publish a port`),
      ...(service.networks ?? []).flatMap((network) =>
        unless(networks[network]?.internal, `${name} is in ${network}, which is not internal`),
      ),
    ]);

/** An app under test reaches its likes, who visits it, and what it depends on: its database. */
function foreign({ services }: ComposeFile): string[] {
  const entries = Object.entries(services);
  const apps = entries.filter(([, service]) => isForeign(service));
  const theirs = (name: string, service: ComposeService) =>
    isForeign(service) || visitors.includes(name) || apps.some(([, app]) => app.depends_on?.[name]);
  const inside = entries.filter(([name, service]) => !theirs(name, service));
  return apps.flatMap(([name, app]) =>
    inside.flatMap(([other, service]) => unless(!shareNetwork(app, service), `the app ${name} can reach ${other}`)),
  );
}

const doors = ({ services }: ComposeFile): string[] =>
  Object.entries(services).flatMap(([name, { ports = [] }]) =>
    name === publicDoor
      ? unless(ports.join() === '8000:8000', `${name} must publish 8000:8000 and nothing else`)
      : ports.flatMap((port) => unless(port.startsWith('127.0.0.1:'), `${name} publishes ${port} to everybody`)),
  );

/** Every address in the settings of an app leads to a container; who goes there shares a network with it. */
const addresses = ({ services }: ComposeFile): string[] =>
  Object.entries(services).flatMap(([name, service]) => {
    const told = appOf(service) ? Object.values(service.environment ?? {}).flatMap(hostsIn) : [];
    return [...new Set(told)].flatMap((host) => {
      const target = services[host];
      if (!target) return [`${name} is told of ${host}, which is no service`];
      const goesThere = !isForeign(target) || visitors.includes(name); // submission only writes down where apps are
      return unless(!goesThere || shareNetwork(service, target), `${name} cannot reach ${host}: they share no network`);
    });
  });

/** Names without a dot, as containers have them, in `scheme://…@host:port/…` or `host:port,host:port`. */
function hostsIn(value: string): string[] {
  const hosts = value.includes('://')
    ? [URL.parse(value)?.hostname ?? value]
    : value.split(',').flatMap((entry) => /^([\w.-]+):\d+$/.exec(entry)?.[1] ?? []);
  return hosts.filter((host) => !host.includes('.'));
}
