import fc from 'fast-check';
import { forwardedHeaders } from './proxy-headers.js';

describe('forwarded headers', () => {
  it('keep their order, their writing and their doubles', () => {
    expect(forwardedHeaders(['Set-Cookie', 'a', 'X-A', '1', 'set-cookie', 'b'])).toEqual([
      'Set-Cookie',
      'a',
      'X-A',
      '1',
      'set-cookie',
      'b',
    ]);
  });

  it('leave out what belongs to one connection, what Connection names, and Host', () => {
    const raw = ['Host', 'x', 'Connection', 'close, X-Mine', 'x-mine', '1', 'TE', 'gzip', 'Proxy-Authorization', 's', 'Upgrade', 'h2c', 'connection', 'X-Other', 'X-OTHER', '2', 'Ok', '3']; // prettier-ignore
    expect(forwardedHeaders(raw)).toEqual(['Ok', '3']);
  });

  it('leave out the word that only the proxy says to the browser, however an app writes it', () => {
    expect(forwardedHeaders(['X-Lockstep-Egress', 'page-limit', 'x-lockstep-EGRESS', 'busy', 'A', '1'])).toEqual([
      'A',
      '1',
    ]);
  });

  it('never hold the proxy’s token, however it is written', () => {
    const name = fc.mixedCase(fc.constantFrom('proxy-authorization', 'Proxy-Authorization'));
    const others = fc.array(fc.tuple(fc.constantFrom('a', 'Connection', 'b'), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(name, others, (written, list) => {
        expect(forwardedHeaders([...list.flat(), written, 'token'])).not.toContain('token');
      }),
    );
  });
});
