import { publicVectors, refusedVectors } from '../test/ssrf-vectors.js';
import { isRefusal } from './egress-code.js';
import { readRequestUrl, readTargetUrl } from './target-url.js';

const nothing = () => false;
const code = (result: object) => ('code' in result ? result.code : 'public');

describe('target URL', () => {
  it('is tried with at least 80 refused vectors', () => expect(refusedVectors.length).toBeGreaterThanOrEqual(80));

  it.each(refusedVectors)('refuses $url with $expect', ({ url, expect: expected }) => {
    const result = readTargetUrl(url, nothing);
    expect(code(result)).toBe(expected);
    expect(isRefusal(result) && result.sentence.length > 10 && result.fix.length > 10).toBe(true);
    expect(isRefusal(readRequestUrl(url, nothing))).toBe(true);
  });

  it.each(publicVectors)('takes $url', ({ url }) => {
    expect(code(readTargetUrl(url, nothing))).toBe('public');
    expect(code(readRequestUrl(url, nothing))).toBe('public');
  });

  it('normalises host, port and base path', () => {
    expect(readTargetUrl('  HTTPS://Bücher.Example.com/App/../lab//  ', nothing)).toEqual({
      origin: 'https://xn--bcher-kva.example.com',
      host: 'xn--bcher-kva.example.com',
      port: 443,
      basePath: '/lab',
    });
    expect(readTargetUrl('http://[2606:4700:0::1111]:8080', nothing)).toEqual({
      origin: 'http://[2606:4700::1111]:8080',
      host: '2606:4700::1111',
      port: 8080,
      basePath: '',
    });
  });

  it('takes a query for a request, never for a base URL, and never a fragment', () => {
    expect(readRequestUrl('http://example.org/a?b=c%20d', nothing)).toMatchObject({ path: '/a?b=c%20d' });
    for (const text of ['http://example.org/?', 'http://example.org/?a=1', 'http://example.org/#']) {
      expect(code(readTargetUrl(text, nothing))).toBe('query');
    }
    expect(code(readRequestUrl('http://example.org/a#b', nothing))).toBe('query');
  });

  it('takes a local target with any port when exactly this host and port are allowed', () => {
    const allows = (host: string, port: number) =>
      [`127.0.0.1 8101`, 'journal 5000', '::1 9'].includes(`${host} ${port}`);
    expect(readTargetUrl('http://127.0.0.1:8101/', allows)).toMatchObject({ host: '127.0.0.1', port: 8101 });
    expect(readTargetUrl('http://0x7f.1:8101/', allows)).toMatchObject({ host: '127.0.0.1' });
    expect(readTargetUrl('http://journal:5000/', allows)).toMatchObject({ host: 'journal' });
    expect(readTargetUrl('http://[0::1]:9/', allows)).toMatchObject({ host: '::1' });
    for (const text of [
      'http://127.0.0.1:8102/',
      'http://localhost:8101/',
      'http://127.0.0.2:8101/',
      'http://[::ffff:127.0.0.1]:8101/',
    ]) {
      expect(code(readTargetUrl(text, allows))).toBe('address-not-public');
    }
    expect(code(readTargetUrl('http://u@127.0.0.1:8101/', allows))).toBe('userinfo');
    expect(code(readTargetUrl('ftp://127.0.0.1:8101/', allows))).toBe('scheme');
  });

  it('refuses a base path that would turn a route into a reference to another host, and lets a request have such a path', () => {
    const allows = (host: string, port: number) => `${host} ${port}` === '127.0.0.1 8101';
    for (const path of ['//127.0.0.1:5432/x', '//', '/.//10.0.0.1/', '/a/..//b'])
      expect([path, code(readTargetUrl(`http://127.0.0.1:8101${path}`, allows))]).toEqual([path, 'not-a-url']);
    expect(readTargetUrl('http://127.0.0.1:8101/a//b', allows)).toMatchObject({ basePath: '/a//b' });
    expect(readRequestUrl('http://127.0.0.1:8101//api/moods', allows)).toMatchObject({ path: '//api/moods' });
  });

  it('says in words what is wrong and what to do', () => {
    const refusal = readTargetUrl('http://10.0.0.7:8080', nothing);
    expect(refusal).toMatchObject({
      side: 'yours',
      sentence: 'The address is not on the public internet: 10.0.0.7 is in 10.0.0.0/8, private use.',
    });
  });
});
