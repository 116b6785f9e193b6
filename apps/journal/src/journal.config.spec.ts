import { readConfig } from './journal.config.js';

const databaseUrl = 'postgres://a:b@127.0.0.1:5432/journal';

describe('the configuration', () => {
  it('needs only the database', () => {
    expect(readConfig({ DATABASE_URL: databaseUrl })).toEqual({ databaseUrl, port: 9001 });
  });

  it('takes port, host and title', () => {
    const read = readConfig({ DATABASE_URL: databaseUrl, PORT: '0', HOST: '0.0.0.0', JOURNAL_TITLE: 'Baseline' });
    expect(read).toEqual({ databaseUrl, port: 0, host: '0.0.0.0', title: 'Baseline' });
  });

  it('names every mistake at once', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://x', PORT: '70000' })).toThrow(
      /DATABASE_URL must be.*; PORT must be/,
    );
  });
});
