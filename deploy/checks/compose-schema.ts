import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import type { Findings } from '../findings.js';
import type { Layout } from '../layout.js';

/** docker-compose.yml against the schema of the Compose specification, as the linter dclint ships it. */
export function checkComposeSchema({ composeText }: Layout): Findings {
  let compose: unknown;
  try {
    compose = parse(composeText, { merge: true });
  } catch (error) {
    return [`docker-compose.yml is not YAML: ${(error as Error).message.split('\n')[0]}`];
  }
  const check = new Ajv({ allErrors: true, strict: false }).compile(composeSchema());
  if (check(compose)) return [];
  return (check.errors ?? []).filter(isCause).map(toSentence);
}

/** Its $schema names draft 7 by an address that Ajv, whose default is draft 7, does not know. */
function composeSchema(): object {
  const home = dirname(createRequire(import.meta.url).resolve('dclint/package.json'));
  const text = readFileSync(join(home, 'schemas/compose.schema.json'), 'utf8');
  return { ...(JSON.parse(text) as object), $schema: undefined };
}

/** Where the schema knows alternatives, all of them complain: the one that got furthest tells the cause. */
const isCause = ({ instancePath, keyword }: ErrorObject, _index: number, all: readonly ErrorObject[]): boolean =>
  keyword !== 'oneOf' && keyword !== 'anyOf' && !all.some((other) => other.instancePath.startsWith(`${instancePath}/`));

function toSentence({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath === '' ? 'its top level' : instancePath.slice(1).replaceAll('/', '.');
  const named = (params as { additionalProperty?: string; allowedValues?: unknown[] }) ?? {};
  const detail = named.additionalProperty ?? named.allowedValues?.join(', ');
  return `docker-compose.yml, ${place}: ${message}${detail === undefined ? '' : ` (${detail})`}`;
}
