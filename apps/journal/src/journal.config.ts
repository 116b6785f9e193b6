import type { JournalConfig } from './bootstrap.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The only reader of the environment: DATABASE_URL, PORT, HOST, JOURNAL_TITLE. Throws one sentence per mistake. */
export function readConfig(environment: Environment): JournalConfig {
  const { DATABASE_URL: databaseUrl = '', PORT: port = '9001', HOST: host, JOURNAL_TITLE: title } = environment;
  const mistakes: string[] = [];
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    mistakes.push(
      'DATABASE_URL must be the address of a Postgres database, such as postgres://user:password@host:5432/name',
    );
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    mistakes.push(`PORT must be between 0 and 65535, but is "${port}"`);
  if (mistakes.length > 0) throw new Error(`The journal cannot start: ${mistakes.join('; ')}.`);
  return { databaseUrl, port: Number(port), ...(host && { host }), ...(title && { title }) };
}
