import { variablesOf } from '../compose-file.js';
import { readEnvExample } from '../env-example.js';
import { about, unless, type Findings } from '../findings.js';
import { appOf, readText, type Layout } from '../layout.js';

const isSecret = (name: string): boolean => /PASSWORD|TOKEN|SECRET/.test(name);

/**
 * The variables of docker-compose.yml: known, made by make-env.ts where compose insists on them, and no secret with a value
 * that works by accident. What an app is told is a setting that somebody reads: a misspelt one would be ignored.
 */
export function checkVariables({ composeText, compose, env }: Layout): Findings {
  const listed = new Set(readEnvExample(readText('.env.example')).map(({ name }) => name));
  const ofText = variablesOf(composeText).flatMap(({ name, form, fallback }) => [
    ...unless(listed.has(name), `${name} is not in .env.example`),
    ...unless(form !== 'bare', `write \${${name}:?…} or \${${name}:-…}, or it may be empty by accident`),
    ...unless(!isSecret(name) || fallback === '', `the secret ${name} must have no default`),
    ...unless(form !== 'required' || env[name], `deploy/make-env.ts does not write ${name}, and compose insists on it`),
  ]);
  const ofApps = Object.entries(compose.services).flatMap(([container, service]) =>
    Object.entries(service.environment ?? {}).flatMap(([name, value]) => [
      ...unless(typeof value === 'string', `${container}: quote the value of ${name}`),
      ...unless(!appOf(service) || listed.has(name), `${container}: no app reads ${name}`),
    ]),
  );
  return about('docker-compose.yml', [...new Set([...ofText, ...ofApps])]);
}
