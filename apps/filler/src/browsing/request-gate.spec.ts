import { EventEmitter } from 'node:events';
import type { CDPSession } from 'puppeteer-core';
import type { FormToSubmit, PageAnswer, PausedPost } from './messages.js';
import { RequestGate } from './request-gate.js';

const origin = 'https://app.example.org';
const form: FormToSubmit = {
  ...{ id: 'entry-input', text: '', note: null },
  ...{ route: '/api/journal/entries', needle: '0123456789' },
};
const answer: PageAnswer = { status: 200, headers: [['x-a', '1']], body: Buffer.from('{"ok":true}') };

/** A page's session that remembers what became of each request. */
class FakeSession extends EventEmitter {
  readonly fates: [id: string, fate: string][] = [];

  async send(method: string, { requestId = '', ...rest }: Record<string, unknown> & { requestId?: string } = {}) {
    const said = rest['errorReason'] ?? rest['responseCode'] ?? '';
    const auth = (rest['authChallengeResponse'] as { response?: string } | undefined)?.response ?? '';
    this.fates.push([requestId, `${method.replace('Fetch.', '')} ${String(said)}${auth}`.trim()]);
  }

  pause(requestId: string, method: string, url: string, body = ''): void {
    const postDataEntries = body ? [{ bytes: Buffer.from(body).toString('base64') }] : [];
    this.emit('Fetch.requestPaused', { requestId, request: { method, url, headers: {}, postDataEntries } });
  }
}

describe('the gate before a page', () => {
  let session: FakeSession;
  let gate: RequestGate;
  let carried: PausedPost[];
  let limits: number;
  const fates = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    return Object.fromEntries(session.fates);
  };

  beforeEach(async () => {
    session = new FakeSession();
    carried = [];
    limits = 0;
    gate = new RequestGate({
      ...{ cdp: session as unknown as CDPSession, origin, requestsMax: 20, strayRequestsMax: 3 },
      proxy: { username: 'lockstep', password: 'token' },
      carry: async (request) => (carried.push(request), answer),
      onLimit: () => (limits += 1),
    });
    await gate.open();
  });

  it('lets the app’s own requests through, and no others', async () => {
    session.pause('own', 'GET', `${origin}/a.js`);
    session.pause('data', 'GET', 'data:text/plain,x');
    session.pause('other', 'GET', 'https://elsewhere.example.org/');
    session.pause('port', 'GET', `${origin}:8443/`);
    session.pause('scheme', 'POST', origin.replace('https', 'http'));
    expect(await fates()).toMatchObject({
      ...{ own: 'continueRequest', data: 'continueRequest' },
      ...{ other: 'failRequest BlockedByClient', port: 'failRequest BlockedByClient' },
      scheme: 'failRequest BlockedByClient',
    });
    expect(gate.strayRequests).toBe(3);
  });

  it('hands the request of a write over, once, and gives the page what came back', async () => {
    const expected = gate.expect(form);
    session.pause('first', 'POST', `${origin}/api/journal/entries`, '{"text":"~0123456789 x"}');
    session.pause('again', 'POST', `${origin}/api/journal/entries/`, '{"text":"~0123456789 x"}');
    await expected.answered;
    expect(await fates()).toMatchObject({ first: 'fulfillRequest 200', again: 'failRequest BlockedByClient' });
    expect(carried.map(({ path }) => path)).toEqual(['/api/journal/entries']);
  });

  it('does not take another request for the write: not one without its marker, not one to another route', async () => {
    const expected = gate.expect(form);
    let isSeen = false;
    void expected.seen.then(() => (isSeen = true));
    session.pause('draft', 'POST', `${origin}/api/drafts`, '{"text":"~0123456789 x"}');
    session.pause('statistics', 'POST', `${origin}/api/journal/entries`, '{"visited":true}');
    session.pause('search', 'GET', `${origin}/api/journal/entries?q=0123456789`);
    expect(await fates()).toMatchObject({
      ...{ draft: 'fulfillRequest 200', statistics: 'continueRequest', search: 'continueRequest' },
    });
    expect([isSeen, carried.map(({ path }) => path)]).toEqual([false, ['/api/drafts']]);
  });

  it('lets nothing of a write leave once nobody waits for it', async () => {
    gate.expect(form).close();
    session.pause('late', 'POST', `${origin}/api/journal/entries`, '{"text":"~0123456789 x"}');
    expect(await fates()).toMatchObject({ late: 'failRequest BlockedByClient' });
    expect(carried).toEqual([]);
  });

  it('gives the token to the proxy only, never to an app that asks for a password', async () => {
    session.emit('Fetch.authRequired', { requestId: 'proxy', authChallenge: { source: 'Proxy' } });
    session.emit('Fetch.authRequired', { requestId: 'app', authChallenge: { source: 'Server' } });
    expect(await fates()).toMatchObject({
      proxy: 'continueWithAuth ProvideCredentials',
      app: 'continueWithAuth CancelAuth',
    });
  });

  it('says once that a page asks for too much, and lets nothing through after that', async () => {
    for (let n = 0; n < 6; n += 1) session.pause(`stray ${n}`, 'GET', `https://elsewhere.example.org/${n}`);
    session.pause('own', 'GET', `${origin}/`);
    expect([limits, (await fates())['own']]).toEqual([1, 'failRequest BlockedByClient']);
  });
});
