import { DockerfileParser } from 'dockerfile-ast';
import { about, unless, type Findings } from '../findings.js';
import { appOf, type Layout } from '../layout.js';

/** One port inside every container of ours: EXPOSE and the health check of the image, PORT, and what is published. */
export function checkPorts({ dockerfile, compose }: Layout): Findings {
  const parsed = DockerfileParser.parse(dockerfile);
  const exposed = parsed
    .getInstructions()
    .find((one) => one.getKeyword() === 'EXPOSE')
    ?.getArgumentsContent();
  const preset = parsed.getENVs().flatMap((env) => env.getProperties());
  const ofImage = (name: string) => preset.find((property) => property.getName() === name)?.getValue();
  const apps = Object.entries(compose.services).filter(([, service]) => appOf(service));
  return apps.flatMap(([name, service]) => {
    const { PORT: port = ofImage('PORT'), HOST: host = ofImage('HOST') } = service.environment ?? {};
    const published = (service.ports ?? []).map((entry) => entry.split(':').at(-1));
    return about(`docker-compose.yml, ${name}`, [
      ...unless(port === exposed, `listens on ${port}, but the image exposes ${exposed}`),
      ...unless(host === '0.0.0.0', `listens on ${host}, where no other container gets in`),
      ...published.flatMap((target) => unless(target === port, `publishes ${target}, but listens on ${port}`)),
      ...unless(!service.healthcheck, 'has a health check of its own, and so has the image'),
    ]);
  });
}
