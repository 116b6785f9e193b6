/**
 * `node deploy/make-env.ts` writes .env for docker compose: a random secret for whatever docker-compose.yml insists on, and
 * the demo. What stands in .env already stays, so it may be run again when a newer docker-compose.yml asks for more.
 * Imports nothing of ours: it runs from a fresh clone, with Node alone.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** What is no secret and cannot be guessed: with it, compose brings up the two apps of the demo and nothing is missing. */
const demo: Readonly<Record<string, string>> = {
  COMPOSE_PROFILES: 'demo',
  BASELINE_URL: 'http://baseline:8000',
  EGRESS_ALLOW: 'baseline:8000,faithful:8000',
};

/** The variables that compose refuses to go without: `${NAME:?what to do}`. */
export const requiredVariables = (compose: string): string[] => [
  ...new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]!)),
];

/** The lines that `env` lacks: demo settings while it has no baseline, then a secret for each required variable. */
export function missingSettings(compose: string, env: string, secret: () => string): [name: string, value: string][] {
  const known = parseEnv(env);
  const wanted = known['BASELINE_URL'] === undefined ? Object.entries(demo) : [];
  const secrets = requiredVariables(compose).filter((name) => !(name in demo));
  return [...wanted, ...secrets.map((name): [string, string] => [name, secret()])].filter(([name]) => !known[name]);
}

/**
 * 256 random bits. The letter in front keeps nats-server from reading digits first and taking the rest for a number; all
 * characters may stand in a URL.
 */
export const randomSecret = (): string => `s${randomBytes(32).toString('base64url')}`;

function writeEnv(root: string): string {
  const path = join(root, '.env');
  const env = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const missing = missingSettings(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), env, randomSecret);
  if (missing.length === 0) return '.env has everything that docker compose asks for. Nothing was changed.';
  const lines = missing.map(([name, value]) => `${name}=${value}\n`).join('');
  writeFileSync(path, env === '' || env.endsWith('\n') ? env + lines : `${env}\n${lines}`, { mode: 0o600 });
  return `.env: ${missing.length} settings written. It holds the passwords of this installation: keep it, and keep it to yourself.`;
}

if (import.meta.main) process.stdout.write(`${writeEnv(join(import.meta.dirname, '..'))}\n`);
