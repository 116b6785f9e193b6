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
        problem: missing ? 'is missing' : issue.message,
      };
    }),
  );
}

/** A whole number between two limits, written as digits. */
export const wholeNumber = (min: number, max: number, what: string) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number of ${what} from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min, `must be at least ${min} ${what}`).max(max, `must be at most ${max} ${what}`));

export const portNumber = z
  .string()
  .regex(/^\d+$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .pipe(z.int().max(65_535, 'must be a port from 0 to 65535'));

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/[^@\s]+@[^/\s]+\/\w+/, 'must look like postgres://user:password@host:5432/database');
export const natsUrl = z.string().regex(/^(nats|tls):\/\/\S+$/, 'must look like nats://user:password@host:4222');
