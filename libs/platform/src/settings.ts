import { isIP } from 'node:net';
import { z } from 'zod';

/** Configuration that cannot be used. Its message is a table of what is wrong, fit for a terminal. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly rows: readonly { name: string; value: string; problem: string }[]) {
    const width = Math.max(...rows.map((row) => row.name.length), 8);
    const lines = rows.map(
      (row) => `  ${row.name.padEnd(width)}  ${row.problem}${row.value ? ` (is: ${row.value})` : ''}`,
    );
    super(`The configuration cannot be used:\n${lines.join('\n')}`);
  }
}

/** Names whose values never appear in an error or a log. */
const secret = /PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|NATS_URL/;

/** Checks the environment against a schema of strings; throws a SettingsError that names every wrong variable. */
export function toSettings<Schema extends z.ZodType>(
  schema: Schema,
  env: Record<string, string | undefined>,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new SettingsError(
    result.error.issues.map((issue) => {
      const name = issue.path.join('.');
      const value = given[name];
      const missing = issue.code === 'invalid_type' && value === undefined;
      return {
        name,
        value: value === undefined ? '' : secret.test(name) ? 'hidden' : JSON.stringify(value).slice(0, 80),
        problem: missing ? 'is missing' : problemOf(issue),
      };
    }),
  );
}

/** Our own words stay; where a schema says nothing, zod's speak of "options" and "strings". */
function problemOf(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'too_big') return `must have at most ${counted(Number(issue.maximum), 'characters')}`;
  if (issue.code === 'too_small') return `must have at least ${counted(Number(issue.minimum), 'characters')}`;
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return 'must be an address such as https://a.example.org';
  return `cannot be read (${issue.message})`;
}

/** "1 hour", "2 hours" */
const counted = (count: number, plural: string): string =>
  `${count} ${count === 1 ? plural.replace(/s$/, '') : plural}`;

/** A whole number between two limits, written as digits; `what` is a plural. */
export const wholeNumber = (min: number, max: number, what: string) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number of ${what} from ${min} to ${max}`)
    .transform(Number)
    .pipe(
      z
        .int()
        .min(min, `must be at least ${counted(min, what)}`)
        .max(max, `must be at most ${counted(max, what)}`),
    );

export const portNumber = z
  .string()
  .regex(/^\d+$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .pipe(z.int().max(65_535, 'must be a port from 0 to 65535'));

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/[^@\s]+@[^/\s]+\/\w+/, 'must look like postgres://user:password@host:5432/database');
/** One server, and not a list: a cluster tells its clients of its other servers by itself. */
export const natsUrl = z
  .string()
  .regex(/^(nats|tls):\/\/[^\s,]+$/, 'must be the address of one server, such as nats://user:password@host:4222')
  .refine((text) => URL.canParse(text), 'must look like nats://user:password@host:4222');

/** Where a server listens: an IP address of this machine, or a name that has one. */
export const hostName = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text),
    'must be an address or a host name, without a port',
  );
