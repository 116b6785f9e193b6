import { z } from 'zod';
import { serviceEnv } from './service-env.js';
import { SettingsError, toSettings, wholeNumber } from './settings.js';

const needed = { DATABASE_URL: 'postgres://u:p@host:5432/d', NATS_URL: 'nats://u:p@host:4222' };
const schema = serviceEnv.extend({
  HOURS: wholeNumber(1, 168, 'hours').optional(),
  NAME: z.string().min(1).max(40).optional(),
  MODE: z.enum(['all', 'random']).optional(),
});
const problemOf = (name: string, value: string): string => {
  try {
    toSettings(schema, { ...needed, [name]: value });
    return 'taken';
  } catch (error) {
    const row = (error as SettingsError).rows.find((one) => one.name === name);
    return row!.problem;
  }
};

describe('a setting', () => {
  it.each([
    ['HOURS', '0', 'must be at least 1 hour'],
    ['HOURS', '169', 'must be at most 168 hours'],
    ['HOURS', 'x', 'must be a whole number of hours from 1 to 168'],
    ['NAME', 'x'.repeat(41), 'must have at most 40 characters'],
    ['MODE', 'some', 'must be one of all, random'],
    ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, silent'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'must be an http or https address'],
    ['HOST', '0.0.0.0', 'taken'],
    ['HOST', '::', 'taken'],
    ['HOST', 'lab.example.org', 'taken'],
    ['HOST', 'localhost:8000', 'must be an address or a host name, without a port'],
    ['HOST', 'two words', 'must be an address or a host name, without a port'],
    [
      'NATS_URL',
      'nats://a:4222,nats://b:4222',
      'must be the address of one server, such as nats://user:password@host:4222',
    ],
    ['NATS_URL', 'nats://a:port', 'must look like nats://user:password@host:4222'],
    ['NATS_URL', 'tls://user:p%40ss@broker.example', 'taken'],
    ['DATABASE_URL', 'mysql://x', 'must look like postgres://user:password@host:5432/database'],
    ['PORT', '70000', 'must be a port from 0 to 65535'],
  ])('%s=%s: %s', (name, value, problem) => {
    expect(problemOf(name, value)).toBe(problem);
  });

  it('that is empty counts as not given: compose passes those', () => {
    expect(toSettings(schema, { ...needed, HOST: '', PORT: '' })).toMatchObject({ HOST: '127.0.0.1', PORT: 0 });
  });

  it('is told with the others that are wrong, in one table, and never with a secret', () => {
    const wrong = () => toSettings(schema, { DATABASE_URL: 'secret', HOURS: '0' });
    expect(wrong).toThrow(
      [
        'The configuration cannot be used:',
        '  DATABASE_URL  must look like postgres://user:password@host:5432/database (is: hidden)',
        '  NATS_URL      is missing',
        '  HOURS         must be at least 1 hour (is: "0")',
      ].join('\n'),
    );
  });
});
