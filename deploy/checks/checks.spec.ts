import { checkBrowserSandbox } from './browser-sandbox.js';
import { checkComposeSchema } from './compose-schema.js';
import { checkContainers } from './containers.js';
import { checkDockerfile } from './dockerfile.js';
import { checkEnvironments } from './environments.js';
import { checkNestProjects } from './nest-projects.js';
import { checkNetworks } from './networks.js';
import { checkPorts } from './ports.js';
import { checkTelemetry } from './telemetry.js';
import { checkVariables } from './variables.js';
import { readLayout, readText, type Check, type Layout } from '../layout.js';

const sound = readLayout();

type Text = { [Key in keyof Layout]: Layout[Key] extends string ? Key : never }[keyof Layout];
type Mistake = readonly [what: string, file: Text, from: string, to: string, finding: RegExp];

/** The layout with the first `from` in one of its files replaced; a mistake that can no longer be made fails its test. */
function plant(file: Text, from: string, to: string): Layout {
  if (!sound[file].includes(from)) throw new Error(`${file} has no "${from}" any more`);
  return readLayout({ [file]: sound[file].replace(from, () => to) });
}

/** The sound files pass; each mistake is found, and all that is said is about it. */
function finds(check: Check, mistakes: readonly Mistake[]): void {
  test('the files as they are', async () => expect(await check(sound)).toEqual([]));
  for (const [what, file, from, to, finding] of mistakes)
    test(what, async () => {
      const findings = await check(plant(file, from, to));
      expect(findings).not.toEqual([]);
      for (const sentence of findings) expect(sentence).toMatch(finding);
    });
}

const baselinePort = "PORT: '8000'\n      JOURNAL_TITLE: Baseline";

describe('the Compose specification', () =>
  finds(checkComposeSchema, [
    ['an unknown key', 'composeText', '    init: true', '    inits: true', /services\.filler: .*\(inits\)/],
    [
      'a wrong word',
      'composeText',
      'condition: service_started',
      'condition: started',
      /otel-collector\.condition.*service_started/,
    ],
    ['no YAML', 'composeText', 'services:\n', 'services: [\n', /not YAML/],
  ]));

describe('variables', () =>
  finds(checkVariables, [
    ['an unknown variable', 'composeText', '${SPAN_HOURS:-}', '${SPAN_DAYS:-}', /SPAN_DAYS is not in \.env\.example/],
    ['a bare variable', 'composeText', '${SPAN_HOURS:-}', '$SPAN_HOURS', /SPAN_HOURS:\?…/],
    [
      'a secret with a default',
      'composeText',
      '${ADMIN_TOKEN:-}',
      '${ADMIN_TOKEN:-letmein}',
      /ADMIN_TOKEN must have no default/,
    ],
    ['a misspelt setting', 'composeText', 'FILL_MODE: ', 'FILL_MODUS: ', /submission: no app reads FILL_MODUS/],
    ['a number', 'composeText', baselinePort, baselinePort.replaceAll("'", ''), /quote the value of PORT/],
  ]));

describe('containers', () =>
  finds(checkContainers, [
    [
      'an image without a version',
      'composeText',
      'jaeger:2.20.0',
      'jaeger:latest',
      /jaeger: pin jaegertracing\/jaeger:latest/,
    ],
    ['half a version', 'composeText', 'jaeger:2.20.0', 'jaeger:2', /pin jaegertracing\/jaeger:2 /],
    ['an old broker', 'composeText', 'nats:2.14.5-alpine3.22', 'nats:2.9.9', /older than 2\.9\.10/],
    ['an unknown app', 'composeText', 'APP: leaderboard', 'APP: leaderboards', /APP=leaderboards names no app/],
    ['another build', 'composeText', 'deploy/Dockerfile', 'Dockerfile', /build with dockerfile: deploy\/Dockerfile/],
    [
      'no memory limit',
      'composeText',
      '    mem_limit: 1536m # two',
      '    mem_limit: 0 # two',
      /comparator: say mem_limit/,
    ],
    [
      'a capability',
      'composeText',
      '    init: true',
      '    cap_add: [SYS_ADMIN]',
      /filler: nothing here needs a capability/,
    ],
    ['a writable container', 'composeText', '    init: true', '    read_only: false', /filler: say read_only/],
    [
      'an unknown dependency',
      'composeText',
      'apps-postgres: { condition',
      'postgresql: { condition',
      /depends_on names postgresql/,
    ],
    [
      'a profile too few',
      'composeText',
      '    profiles: [metrics]',
      '    profiles: [metrics]\n    depends_on: { baseline: { condition: service_healthy } }',
      /needs the profile demo/,
    ],
    [
      'health that nobody asks',
      'composeText',
      'condition: service_started',
      'condition: service_healthy',
      /nobody asks it/,
    ],
    [
      'an absent file',
      'composeText',
      './deploy/prometheus.yml:',
      './deploy/prometheus.yaml:',
      /mounts \.\/deploy\/prometheus\.yaml/,
    ],
    ['an undeclared volume', 'composeText', 'nats-data:/data', 'nats:/data', /volume nats, which is not declared/],
    [
      'another path',
      'composeText',
      '/etc/nats/lockstep.conf]',
      '/etc/nats.conf]',
      /names \/etc\/nats\.conf, where nothing is mounted/,
    ],
  ]));

describe('networks', () =>
  finds(checkNetworks, [
    [
      'a published database',
      'composeText',
      'image: nats:',
      "ports: ['127.0.0.1:4222:4222']\n    image: nats:",
      /nats must not publish/,
    ],
    ['a way out for the backend', 'composeText', 'backend: { internal: true }', 'backend: {}', /is not internal/],
    [
      'an app inside',
      'composeText',
      'networks: [apps]\n  depends_on',
      'networks: [backend]\n  depends_on',
      /can reach|apps-postgres: they share no network/,
    ],
    [
      'a second door',
      'composeText',
      '127.0.0.1:16686:16686',
      '16686:16686',
      /jaeger publishes 16686:16686 to everybody/,
    ],
    ['a moved door', 'composeText', '8000:8000', '80:8000', /gateway must publish 8000:8000/],
    [
      'a misspelt host',
      'composeText',
      '@postgres:5432/lockstep_filler',
      '@postgresql:5432/lockstep_filler',
      /filler is told of postgresql/,
    ],
    [
      'an unreachable host',
      'composeText',
      '    networks: [backend, apps, outside]',
      '    networks: [backend, outside]',
      /filler cannot reach (baseline|faithful)/,
    ],
    [
      'an undeclared network',
      'composeText',
      "    networks: [backend, outside]\n    ports: ['8000",
      "    networks: [backend, front]\n    ports: ['8000",
      /gateway is in the network front/,
    ],
  ]));

describe('environments', () =>
  finds(checkEnvironments, [
    [
      'a missing setting',
      'composeText',
      '      BASELINE_URL: $',
      '      BASELINE: $',
      /submission: [^]*BASELINE_URL +is missing/,
    ],
    ['a value out of range', 'composeText', '${SPAN_HOURS:-}', '${SPAN_HOURS:-1000}', /gateway: [^]*SPAN_HOURS/],
    [
      'a broken address',
      'composeText',
      'postgres://lockstep_filler',
      'postgresq://lockstep_filler',
      /filler: [^]*DATABASE_URL/,
    ],
    [
      'a service left out',
      'composeText',
      '\n  leaderboard:\n',
      '\n  board:\n',
      /no container leaderboard runs APP=leaderboard/,
    ],
  ]));

describe('ports', () =>
  finds(checkPorts, [
    ['another port', 'composeText', baselinePort, baselinePort.replace('8000', '9001'), /baseline: listens on 9001/],
    [
      'a closed host',
      'composeText',
      `HOST: 0.0.0.0\n      ${baselinePort}`,
      `HOST: 127.0.0.1\n      ${baselinePort}`,
      /baseline: listens on 127/,
    ],
    ['another door', 'composeText', "'8000:8000'", "'8000:80'", /gateway: publishes 80,/],
    [
      'two health checks',
      'composeText',
      '    init: true',
      '    healthcheck: { test: [CMD, "true"] }',
      /filler: has a health check of its own/,
    ],
  ]));

describe('the Dockerfile', () =>
  finds(checkDockerfile, [
    ['an unknown instruction', 'dockerfile', 'USER node', 'USR node\nUSER node', /Unknown instruction: USR/],
    [
      'an unpinned base',
      'dockerfile',
      'FROM node:24.21.0-bookworm-slim\n',
      'FROM node:24\n',
      /line 34: the base must be node:24/,
    ],
    ['a download', 'dockerfile', 'COPY --chown=root:root . .', 'ADD --chown=root:root . .', /ADD also unpacks/],
    ['files of nobody in particular', 'dockerfile', 'COPY --chown=root:root . .', 'COPY . .', /say whose files/],
    [
      'a shell around the app',
      'dockerfile',
      'CMD ["node", "--enable-source-maps"',
      'CMD node "--enable-source-maps"',
      /a JSON list/,
    ],
    ['the newest packages', 'dockerfile', 'RUN npm ci\n', 'RUN npm install\n', /npm ci installs/],
    ['apt lists in the image', 'dockerfile', 'rm -rf /var/lib/apt/lists/*', 'true', /remove \/var\/lib\/apt\/lists/],
    ['recommended packages', 'dockerfile', '--no-install-recommends ', '', /without --no-install-recommends/],
    ['an argument out of its stage', 'dockerfile', 'ARG APP\nLABEL', 'LABEL', /APP is empty here/],
    ['root', 'dockerfile', 'USER node', 'USER root', /USER that is not root/],
    [
      'files after the user',
      'dockerfile',
      'EXPOSE',
      'COPY --chown=node:node --from=build /out ./\nEXPOSE',
      /comes before USER/,
    ],
    ['alive, not ready', 'dockerfile', "'/readyz'", "'/livez'", /must ask \/readyz/],
    ['a secret in the context', 'dockerignore', '**/.env*\n', '', /leave out \*\*\/\.env/],
    ['everything in the context', 'dockerignore', '*\n', '', /begin by leaving out everything/],
    ['a file left out', 'dockerignore', '!.npmrc\n', '', /\.npmrc is left out/],
    ['a file that is gone', 'dockerignore', '!bench', '!benches', /benches does not exist/],
  ]));

describe('the browser', () =>
  finds(checkBrowserSandbox, [
    ['no profile', 'composeText', ", 'seccomp=deploy/chromium-seccomp.json'", '', /name a seccomp profile/],
    [
      'an absent profile',
      'composeText',
      'seccomp=deploy/chromium-seccomp.json',
      'seccomp=deploy/seccomp.json',
      /deploy\/seccomp\.json does not exist/,
    ],
  ]));

describe('telemetry', () =>
  finds(checkTelemetry, [
    [
      'an undeclared part',
      'collectorText',
      'processors: [memory_limiter]',
      'processors: []',
      /no pipeline uses memory_limiter/,
    ],
    [
      'a pipeline to nowhere',
      'collectorText',
      'exporters: [otlp_grpc/jaeger]',
      'exporters: []',
      /leads nowhere|no pipeline uses otlp_grpc/,
    ],
    ['an unknown host', 'collectorText', 'jaeger:4317', 'jaegers:4317', /sends to jaegers/],
    ['another port', 'collectorText', '0.0.0.0:4318', '0.0.0.0:4319', /services send to http:\/\/otel-collector:4318/],
    ['a forgotten service', 'prometheusText', "'filler:8000', ", '', /filler:8000 is not among the targets/],
  ]));

test('a seccomp profile that refuses what the sandbox does, or allows mounts, is found', () => {
  const swapped = (path: string) => readText(path).replace('"mount"', '"clone"');
  expect(checkBrowserSandbox(sound, swapped)).toEqual([
    'deploy/chromium-seccomp.json: the sandbox needs clone',
    'deploy/chromium-seccomp.json: mount must be refused',
  ]);
});

describe('nest-cli.json', () => {
  test('the file as it is', () => expect(checkNestProjects(sound)).toEqual([]));

  test('a lib left out, and one that is gone', () => {
    const moved = (path: string) => readText(path).replace('"root": "libs/parity"', '"root": "libs/parities"');
    expect(checkNestProjects(sound, moved)).toEqual([
      'nest-cli.json: libs/parity is missing',
      'nest-cli.json: libs/parities does not exist',
    ]);
  });
});
