import { networkOf, readTrusted, readVisitor } from './visitor.js';

const from = (remoteAddress: string, headers: Record<string, string> = {}, trusted = '') =>
  readVisitor({ headers: { host: 'lab.example', ...headers }, socket: { remoteAddress } }, readTrusted(trusted));

describe('a visitor', () => {
  it('is who is connected, whatever the headers say, while no proxy is trusted', () => {
    const forged = { 'x-forwarded-for': '1.1.1.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
    expect(from('203.0.113.9', forged)).toEqual({ address: '203.0.113.9', isHttps: false, host: 'lab.example' });
    expect(from('203.0.113.9', forged, '10.0.0.0/8').address).toBe('203.0.113.9');
  });

  it('is whom our proxy saw', () => {
    const told = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'lab.example' };
    const seen = { address: '203.0.113.9', isHttps: true, host: 'lab.example' };
    expect(from('10.1.2.3', { ...told, host: 'inside:8000' }, '10.0.0.0/8')).toEqual(seen);
    expect(from('::ffff:10.1.2.3', told, '10.0.0.0/8')).toEqual(seen);
    expect(from('::1', told, '::1')).toEqual(seen);
  });

  it('is behind several proxies the last that none of ours is, so that nobody can choose his own address', () => {
    const told = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.7' };
    expect(from('10.1.2.3', told, '10.0.0.0/8').address).toBe('203.0.113.9');
    expect(from('10.1.2.3', { 'x-forwarded-for': 'nonsense' }, '10.0.0.0/8').address).toBe('10.1.2.3');
  });
});

describe('one address, where something is limited', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

it.each(['localhost', '10.0.0.0/33', '10.0.0.0/8/9', '::1/129', '10.0.0.0/x'])(
  'the setting %s is refused with a sentence',
  (text) => {
    expect(() => readTrusted(text)).toThrow('must be addresses or networks such as 10.0.0.0/8');
  },
);
