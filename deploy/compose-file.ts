import { parse } from 'yaml';

/** What the checks read of a service in docker-compose.yml. Only the long forms of lists: maps, where compose knows both. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly security_opt?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly restart?: string;
  readonly mem_limit?: string;
  readonly pids_limit?: number;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
}

/** `${NAME:?…}` is required, `${NAME:-…}` has a fallback, `${NAME}` is neither: compose would put nothing in its place. */
export interface Variable {
  readonly name: string;
  readonly form: 'required' | 'fallback' | 'bare';
  readonly fallback: string;
}

const reference = /\$\$|\$\{(\w+)(?::([?-])([^}]*))?\}|\$(\w+)/g;

function toVariable([, braced, sign, rest, plain]: RegExpMatchArray): Variable | undefined {
  const name = braced ?? plain;
  if (name === undefined) return undefined; // $$ is a dollar
  if (sign === '?') return { name, form: 'required', fallback: '' };
  return sign === '-' ? { name, form: 'fallback', fallback: rest ?? '' } : { name, form: 'bare', fallback: '' };
}

/** Every reference to a variable in the text of a compose file, in order. */
export const variablesOf = (text: string): Variable[] =>
  [...text.matchAll(reference)].flatMap((match) => toVariable(match) ?? []);

/** The file as compose sees it: anchors merged, variables replaced by those of `env`. Unknown ones become empty. */
export function readCompose(text: string, env: Readonly<Record<string, string>>): ComposeFile {
  const fill = (value: string): string =>
    value.replace(reference, (...match) => {
      const variable = toVariable(match as unknown as RegExpMatchArray);
      return variable ? env[variable.name] || variable.fallback : '$';
    });
  return mapStrings(parse(text, { merge: true }), fill) as ComposeFile;
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}
