import { BrowserSession } from './browser-session.js';
import { BrowsingLost, type OpenedVisit } from './browsing-process.js';
import type { SendResult } from './fill-driver.js';
import type { WriteRequest, WriteSender } from './write-sender.js';
import type { PageAnswer, PausedPost, Submitted } from '../browsing/messages.js';

const entry = { kind: 'entry', text: '~0123456789 A short walk' } as const;
const acknowledged: SendResult = { outcome: 'acknowledged', status: 200, reason: null };
const post = (path: string, text: string = entry.text): PausedPost => ({
  path,
  headers: { Cookie: 'sid=1', 'Content-Length': '9', 'x-csrf': 'q', 'proxy-authorization': 'token' },
  body: Buffer.from(JSON.stringify({ text })),
});

/** A visit that does what the test says when its form is submitted, and a sender that remembers what it was told to send. */
function session(
  submit: (page: { asks: (request: PausedPost) => Promise<PageAnswer | null> }) => Promise<Submitted['how']>,
  result: SendResult = acknowledged,
  status = result.status,
) {
  const sent: WriteRequest[] = [];
  const visit: OpenedVisit = {
    failure: null,
    onPost: () => Promise.resolve(null),
    submit: async () => ({ how: await submit({ asks: (request) => visit.onPost(request) }), stalled: false }),
    close: () => Promise.resolve(),
  };
  const sender: Pick<WriteSender, 'send'> = {
    send: async (request) => {
      sent.push(request);
      const headers = { 'set-cookie': ['a=1', 'b=2'], 'content-length': '11', 'content-encoding': 'gzip' };
      const redirect =
        status !== null && status > 299 && status < 400 ? { location: '/', sentence: '', fix: '' } : undefined;
      const answer = status === null ? undefined : { status, headers, body: Buffer.from('{"ok":true}'), redirect };
      return { result, answer } as Awaited<ReturnType<WriteSender['send']>>;
    },
  };
  const one = new BrowserSession('http://app.example.org:8080/lab', visit, sender as WriteSender);
  return { sent, send: () => one.send(entry, new AbortController().signal), close: () => one.close(), visit };
}

describe('a write through the page', () => {
  it('is what the app answered to the page’s own request, which was sent from here', async () => {
    let seen: PageAnswer | null = null;
    const { sent, send } = session(async (page) => {
      seen = await page.asks(post('/lab/api/journal/entries'));
      return 'answered';
    });
    expect(await send()).toEqual(acknowledged);
    expect(sent).toEqual([
      {
        kind: 'entry',
        url: 'http://app.example.org:8080/lab/api/journal/entries',
        headers: { Cookie: 'sid=1', 'x-csrf': 'q' },
        body: Buffer.from(JSON.stringify({ text: entry.text })),
      },
    ]);
    expect(seen).toMatchObject({
      status: 200,
      headers: [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    });
  });

  it('is sent once, however often the page asks', async () => {
    const { sent, send } = session(async (page) => {
      const asked = ['', '/', '?again=1'].map((end) => page.asks(post(`/lab/api/journal/entries${end}`)));
      expect((await Promise.all(asked)).map((answer) => answer?.status)).toEqual([200, undefined, undefined]);
      return 'answered';
    });
    expect(await send()).toEqual(acknowledged);
    expect(sent).toHaveLength(1);
  });

  it('keeps its outcome when page, browser or process end while the app is answering', async () => {
    const { send, close, visit } = session(async (page) => {
      void page.asks(post('/lab/api/journal/entries'));
      throw new BrowsingLost(true);
    });
    expect(await send()).toEqual(acknowledged);
    visit.close = () => Promise.reject(new BrowsingLost(true));
    await expect(close()).resolves.toBeUndefined();
  });

  it('is not decided by what else the page sends: a draft, or a request without the write', async () => {
    const { sent, send } = session(async (page) => {
      await page.asks(post('/lab/api/drafts'));
      expect(await page.asks(post('/lab/api/journal/entries', 'something else'))).toBeNull();
      expect(await page.asks(post('.elsewhere.example.org/'))).toBeNull();
      return 'no-request';
    });
    expect(await send()).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringContaining('/lab/api/journal/entries'),
    });
    expect(sent.map(({ url }) => url)).toEqual(['http://app.example.org:8080/lab/api/drafts']);
  });

  it('is never planned again once something was typed: also not when nothing of it could be sent', async () => {
    const notSent: SendResult = { outcome: 'not-sent', status: null, reason: 'The lab has too many requests open.' };
    const busy = session(async (page) => (await page.asks(post('/lab/api/journal/entries')), 'answered'), notSent);
    expect(await busy.send()).toEqual({ ...notSent, outcome: 'unknown' });
    for (const how of ['no-request', 'broken'] as const)
      expect(await session(async () => how).send()).toMatchObject({ outcome: 'unknown' });
    const lost = session(() => Promise.reject(new BrowsingLost(true)));
    expect(await lost.send()).toMatchObject({ outcome: 'unknown' });
  });

  it('was not sent when nothing was typed, and refused when the button cannot be pressed', async () => {
    expect(await session(async () => 'untouched').send()).toMatchObject({ outcome: 'not-sent' });
    const gone = session(() => Promise.reject(new BrowsingLost(false)));
    expect(await gone.send()).toMatchObject({ outcome: 'not-sent' });
    expect(await session(async () => 'not-pressed').send()).toMatchObject({ outcome: 'refused' });
    const typing = session(async (page) => (await page.asks(post('/lab/api/drafts')), 'not-pressed'));
    expect(await typing.send()).toMatchObject({ outcome: 'unknown' });
  });

  it('does not hand a redirect to the page, which would follow it with the body', async () => {
    const refused: SendResult = { outcome: 'refused', status: 307, reason: 'It answered 307.' };
    let seen: PageAnswer | null | undefined;
    const redirecting = session(async (page) => {
      seen = await page.asks(post('/lab/api/journal/entries'));
      return 'answered';
    }, refused);
    expect([await redirecting.send(), seen]).toEqual([refused, null]);
  });

  it('is given up when its time is up, and then nobody knows', async () => {
    const stop = new AbortController();
    const { visit } = session(async () => 'answered');
    visit.submit = () => new Promise(() => stop.abort());
    const one = new BrowserSession('http://app.example.org:8080', visit, undefined as never);
    expect(await one.send(entry, stop.signal)).toMatchObject({ outcome: 'unknown' });
  });
});
