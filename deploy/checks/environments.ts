import type { ComposeService } from '../compose-file.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, type Layout } from '../layout.js';
import { services } from '#libs/contracts/src/catalogue.js';
import { isRefusal } from '#libs/egress/src/egress-code.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';

type Environment = Readonly<Record<string, string>>;
type ReadConfig = (environment: Environment) => unknown;

/** Every app takes what its container tells it: the settings go through the app's own configuration code. */
export async function checkEnvironments({ compose }: Layout): Promise<Findings> {
  const absent = services.flatMap((name) =>
    unless(appOf(compose.services[name] ?? {}) === name, `docker-compose.yml: no container ${name} runs APP=${name}`),
  );
  const apps = Object.entries(compose.services).filter(([, service]) => appOf(service));
  const findings = await Promise.all(
    apps.map(async ([name, service]) => about(`docker-compose.yml, ${name}`, await checkApp(service))),
  );
  return [...absent, ...findings.flat()];
}

async function checkApp(service: ComposeService): Promise<Findings> {
  const environment = service.environment ?? {};
  try {
    const readConfig = await loadConfig(appOf(service)!);
    readConfig(environment);
    return checkReach(environment);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** An app is loaded by its name, as in libs/local: who composes the system names its parts. */
async function loadConfig(app: string): Promise<ReadConfig> {
  const path = `#apps/${app}/src/${app}.config.js`;
  const config = (await import(path)) as { toConfig?: ReadConfig; readConfig: ReadConfig };
  return config.toConfig ?? config.readConfig;
}

/** The baseline may be visited under the same settings. Throws when EGRESS_ALLOW cannot be read. */
function checkReach({ EGRESS_ALLOW: allow = '', BASELINE_URL: baseline }: Environment): Findings {
  const policy = new EgressPolicy({ allow: allow.split(',').filter(Boolean) });
  const target = baseline === undefined ? undefined : policy.readTargetUrl(baseline);
  return target && isRefusal(target) ? [`BASELINE_URL=${baseline} is refused. ${target.sentence}`] : [];
}
