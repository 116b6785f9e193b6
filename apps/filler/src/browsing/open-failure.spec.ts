import { whyNotOpened, type NotOpened } from './open-failure.js';

const nothing: NotOpened = {
  ...{ refused: undefined, errorText: undefined, status: 0, end: undefined, strayRequests: 0, stalled: false },
};
const why = (known: Partial<NotOpened>) => whyNotOpened({ ...nothing, ...known });

describe('a page that did not open', () => {
  it.each(['dns-down', 'no-route', 'busy', 'stalled'] as const)(
    'because of %s is nobody’s fault but ours',
    (refused) => {
      expect(why({ refused, status: 502 })).toMatchObject({ side: 'ours', tryHttp: false });
      expect(why({ refused, errorText: 'net::ERR_TUNNEL_CONNECTION_FAILED' })).toMatchObject({ side: 'ours' });
    },
  );

  it.each(['connect-refused', 'connect-timeout', 'dns-not-found', 'address-not-public'] as const)(
    'because of %s is the app’s, and its API would not do better',
    (refused) => {
      expect(why({ refused, status: 502 })).toMatchObject({ side: 'yours', tryHttp: false });
    },
  );

  it('is ours when the browser broke off or we stood still, whatever else is known', () => {
    expect(why({ end: 'crashed', status: 500 })).toMatchObject({ side: 'ours', tryHttp: true });
    expect(why({ end: 'gone' })).toMatchObject({ side: 'ours' });
    expect(why({ stalled: true, errorText: 'net::ERR_TIMED_OUT' })).toMatchObject({ side: 'ours', tryHttp: true });
  });

  it('but an error or has no forms may still have an API', () => {
    expect(why({ status: 404 })).toEqual({ side: 'yours', tryHttp: true, sentence: 'The page answered 404.' });
    expect(why({ status: 502 })).toMatchObject({ tryHttp: true, sentence: 'The page answered 502.' });
    expect(why({ status: 200, strayRequests: 3 })).toMatchObject({ tryHttp: true, sentence: expect.stringMatching(/no forms to fill.* 3 requests/) }); // prettier-ignore
    expect(why({})).toMatchObject({ tryHttp: true, sentence: 'The page did not open in time.' });
    expect(why({ refused: 'connection-lost', status: 502 })).toMatchObject({ tryHttp: true, side: 'yours' });
  });

  it('after something else of it was refused is not called unreachable', () => {
    expect(why({ status: 200, refused: 'connect-refused' }).sentence).toMatch(/no forms/);
  });

  it('is told without a word of the page', () => {
    expect(why({ errorText: 'net::ERR_FAILED: connection terminated' }).sentence).toBe('The page could not be opened (ERR_FAILED).'); // prettier-ignore
    expect(why({ end: 'memory' })).toMatchObject({ side: 'yours', tryHttp: true });
  });
});
