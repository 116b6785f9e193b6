import { EgressPolicy, readAllowEntry } from './egress-policy.js';

const policyOf = (...allow: string[]) =>
  new EgressPolicy({ allow, ownAddresses: () => ['93.184.216.34', '2606:4700::1'] });
const code = (result: object | undefined) => (result && 'code' in result ? result.code : 'fine');

describe('EGRESS_ALLOW', () => {
  it('opens exactly one host and port', () => {
    const policy = policyOf('127.0.0.1:8101');
    expect(code(policy.readTargetUrl('http://127.0.0.1:8101'))).toBe('fine');
    for (const url of [
      'http://localhost:8101',
      'http://127.0.0.1:8102',
      'http://127.0.0.1',
      'http://127.0.0.2:8101',
      'http://[::1]:8101',
    ]) {
      expect([url, code(policy.readTargetUrl(url))]).toEqual([url, 'address-not-public']);
    }
  });

  it('does not open a public name that resolves to an allowed address', () => {
    const policy = policyOf('127.0.0.1:8101');
    expect(code(policy.judge({ host: 'sly.example.org', port: 8101 }, '127.0.0.1'))).toBe('address-not-public');
    expect(code(policy.judge({ host: '127.0.0.1', port: 8101 }, '127.0.0.1'))).toBe('fine');
  });

  it('lets an allowed name lead to a private address, never to link-local or metadata', () => {
    const policy = policyOf('journal:8080');
    const target = { host: 'journal', port: 8080 };
    expect(code(policy.judge(target, '172.18.0.4'))).toBe('fine');
    expect(code(policy.judge(target, 'fd00::4'))).toBe('fine');
    expect(code(policy.judge(target, '169.254.169.254'))).toBe('address-not-public');
    expect(code(policy.judge(target, '::ffff:127.0.0.1'))).toBe('address-not-public');
    expect(code(policy.judge({ ...target, port: 8081 }, '172.18.0.4'))).toBe('address-not-public');
  });

  it('takes IPv6 in brackets and localhost, which is loopback without asking DNS', () => {
    const policy = policyOf('[::1]:8101', 'localhost:8101');
    expect(code(policy.readRequestUrl('http://[0:0::1]:8101/x'))).toBe('fine');
    expect(policy.fixedAddresses('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(policy.fixedAddresses('93.184.216.34')).toEqual(['93.184.216.34']);
    expect(policy.fixedAddresses('journal')).toBeUndefined();
  });

  it.each([
    ['localhost', 'is not host:port'],
    ['http://127.0.0.1:80', 'is not host:port'],
    ['127.0.0.1:0', 'is not host:port'],
    ['127.0.0.1:70000', 'is not host:port'],
    ['*:80', 'is not host:port'],
    ['10.0.0.0/8:80', 'is not host:port'],
    ['Journal:80', 'is not host:port'],
    ['', 'is not host:port'],
    ['0x7f.1:8101', 'must be written 127.0.0.1:8101'],
    ['[0::1]:8101', 'must be written [::1]:8101'],
    ['256.1.1.1:80', 'must be written with a valid host:80'],
    ['169.254.169.254:80', 'can never be opened: 169.254.0.0/16, link-local'],
    ['0.0.0.0:80', 'can never be opened'],
  ])('refuses the entry %s in words', (entry, problem) => {
    expect(readAllowEntry(entry)).toEqual({ problem: expect.stringContaining(problem) });
    expect(readAllowEntry(entry)).toEqual({ problem: expect.stringContaining(`"${entry}"`) });
  });

  it('names all bad entries at once', () => {
    expect(() => policyOf('127.0.0.1:1', 'a', 'b')).toThrow(/"a" .*"b" /);
  });
});

describe('egress policy', () => {
  it('does not lead to this machine by its public addresses, unless allowed', () => {
    expect(code(policyOf().readTargetUrl('http://93.184.216.34:8000'))).toBe('address-not-public');
    expect(code(policyOf().readTargetUrl('http://[2606:4700:0::1]:8000'))).toBe('address-not-public');
    expect(code(policyOf().judge({ host: 'me.example.org', port: 80 }, '93.184.216.34'))).toBe('address-not-public');
    expect(code(policyOf('93.184.216.34:8000').readTargetUrl('http://93.184.216.34:8000'))).toBe('fine');
    expect(code(policyOf().judge({ host: 'other.example.org', port: 80 }, '93.184.216.35'))).toBe('fine');
  });

  it('knows the addresses of the real interfaces by itself', () => {
    const policy = new EgressPolicy({ allow: [] });
    expect(code(policy.judge({ host: 'x.example.org', port: 80 }, '127.0.0.1'))).toBe('address-not-public');
    expect(code(policy.judge({ host: 'x.example.org', port: 80 }, '93.184.216.34'))).toBe('fine');
  });
});
