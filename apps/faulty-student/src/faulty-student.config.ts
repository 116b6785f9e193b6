import type { FaultyStudentConfig } from './bootstrap.js';
import type { Fault } from './faults/catalogue.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The only reader of the environment: TARGET_URL, PORT, HOST, FAULTS (a JSON list), SEED. Throws one sentence per mistake. */
export function readConfig(environment: Environment): FaultyStudentConfig {
  const {
    TARGET_URL: target = '',
    PORT: port = '9002',
    HOST: host,
    FAULTS: faults = '[]',
    SEED: seed = '1',
  } = environment;
  const mistakes: string[] = [];
  if (!target.startsWith('http://'))
    mistakes.push('TARGET_URL must be the http:// address of the app behind this door');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    mistakes.push(`PORT must be between 0 and 65535, but is "${port}"`);
  if (!/^\d{1,9}$/.test(seed)) mistakes.push(`SEED must be a whole number of up to nine digits, but is "${seed}"`);
  const list = parseList(faults);
  if (!list) mistakes.push('FAULTS must be a JSON list such as [{"name":"drop-acknowledged","everyNth":4}]');
  if (mistakes.length > 0 || !list) throw new Error(`The faulty student cannot start: ${mistakes.join('; ')}.`);
  return { target, port: Number(port), faults: list, seed: Number(seed), ...(host && { host }) };
}

/** Whether each fault is as it should be is checked when it is built. */
function parseList(text: string): Fault[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as Fault[]) : undefined;
  } catch {
    return undefined;
  }
}
