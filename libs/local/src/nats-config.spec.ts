import { natsConfig, type NatsAccount } from './nats-config.js';

const account = (name: string, ...users: string[]): NatsAccount => ({
  name,
  users: users.map((user) => ({ name: user, password: 'p', publish: ['a.>'], subscribe: [] })),
});
const textOf = (...accounts: NatsAccount[]) => natsConfig({ port: 4222, storeDir: '/s', accounts });

describe('the configuration of NATS', () => {
  it('knows no accounts where there is one', () => {
    const text = textOf(account('main', 'gateway'));
    expect(text).toContain('authorization {\n  timeout: 5\n  users: [\n    {\n      user: "gateway"');
    expect(text).not.toMatch(/accounts|"main"/);
    expect(text).toContain('max_file_store: 8GB');
  });

  it('leaves nobody in the global account where there are several, and gives each a bounded part of the store', () => {
    const text = textOf(...['main', 'a', 'b', 'c'].map((name) => account(name, `${name}.gateway`)));
    expect(text).toContain('authorization { timeout: 5 }\n');
    expect(text).toMatch(/accounts \{\n {2}"main" \{\n {4}jetstream \{ max_file: 3GB \}\n {4}users: \[\n/);
    expect(text.match(/jetstream \{ max_file: 3GB \}/g)).toHaveLength(4);
    expect(text).toContain('max_file_store: 12GB'); // what is promised to accounts must be there
  });
});
