import { decideSubmission, shownAs, type RosterApp, type Submission } from './roster.js';

const now = new Date('2026-11-20T10:00:00Z');
const fresh = { appId: 'new', ownerTokenHash: 'hash-of-new', now };
const app = (part: Partial<RosterApp> = {}): RosterApp => ({
  appId: 'a',
  name: 'Ada',
  team: null,
  pseudonym: null,
  url: 'http://a.example',
  ownerTokenHash: 'hash-of-a',
  joinedAt: new Date('2026-11-19T10:00:00Z'),
  withdrawnAt: null,
  ...part,
});
const submission = (part: Partial<Submission> = {}): Submission => ({
  name: 'Ada',
  team: null,
  url: 'http://a.example',
  tokenHash: null,
  ...part,
});
const nobody = { byToken: undefined, byUrl: undefined };

describe('the roster', () => {
  it('lets a new address in', () => {
    expect(decideSubmission(submission(), nobody, fresh)).toMatchObject({
      kind: 'join',
      app: { appId: 'new', joinedAt: now },
    });
  });

  it('leaves a taken address with its owner', () => {
    expect(decideSubmission(submission(), { ...nobody, byUrl: app() }, fresh)).toMatchObject({
      kind: 'refuse',
      problem: 'url-claimed',
    });
  });

  it('lets the owner rename and move the app; it keeps its id and its time of joining', () => {
    const moved = submission({ name: 'Ada L.', url: 'http://b.example', tokenHash: 'hash-of-a' });
    expect(decideSubmission(moved, { byToken: app(), byUrl: undefined }, fresh)).toEqual({
      kind: 'update',
      app: app({ name: 'Ada L.', url: 'http://b.example' }),
    });
  });

  it('keeps the pseudonym of an app whose owner changes it without a word about that, and takes it away when he says so', () => {
    const hidden = app({ team: 'Engines', pseudonym: 'Fox' });
    const change = (pseudonym?: string | null) => {
      const part = submission({ tokenHash: 'hash-of-a', ...(pseudonym === undefined ? {} : { pseudonym }) });
      const decision = decideSubmission(part, { byToken: hidden, byUrl: hidden }, fresh);
      return decision.kind === 'update' ? decision.app.pseudonym : decision;
    };
    expect([change(), change('Owl'), change(null)]).toEqual(['Fox', 'Owl', null]);
    expect(decideSubmission(submission(), nobody, fresh)).toMatchObject({ app: { pseudonym: null } });
    expect(shownAs(hidden)).toEqual({ name: 'Fox', team: null });
    expect(shownAs({ ...hidden, pseudonym: null })).toEqual({ name: 'Ada', team: 'Engines' });
  });

  it('does not let an owner take the address of another app', () => {
    const other = app({ appId: 'b', url: 'http://b.example' });
    const move = submission({ url: 'http://b.example', tokenHash: 'hash-of-a' });
    expect(decideSubmission(move, { byToken: app(), byUrl: other }, fresh)).toMatchObject({
      kind: 'refuse',
      problem: 'url-claimed',
    });
  });

  it('refuses a claim code that belongs to nobody', () => {
    expect(decideSubmission(submission({ tokenHash: 'x' }), nobody, fresh)).toMatchObject({
      kind: 'refuse',
      problem: 'owner-token-wrong',
    });
  });

  it('leaves the baseline’s address with the baseline', () => {
    const roster = { ...nobody, baselineUrls: ['http://other.example', 'http://a.example'] };
    for (const tokenHash of [null, 'hash-of-a'])
      expect(
        decideSubmission(submission({ tokenHash }), { ...roster, byToken: tokenHash ? app() : undefined }, fresh),
      ).toMatchObject({
        kind: 'refuse',
        problem: 'url-not-allowed',
      });
  });

  it('lets nobody join or come back beyond the limit, and everybody who takes part change his app', () => {
    const full = { ...nobody, activeApps: 1_000 };
    expect(decideSubmission(submission(), { ...full, activeApps: 999 }, fresh).kind).toBe('join');
    expect(decideSubmission(submission(), full, fresh)).toMatchObject({
      kind: 'refuse',
      problem: 'limit-reached',
      detail: 'The lab is full: 1,000 apps take part.',
    });
    const mine = submission({ tokenHash: 'hash-of-a', name: 'Ada L.' });
    expect(decideSubmission(mine, { ...full, byToken: app({ withdrawnAt: now }) }, fresh).kind).toBe('refuse');
    expect(decideSubmission(mine, { ...full, byToken: app(), byUrl: app() }, fresh).kind).toBe('update');
  });

  it('takes a withdrawn app back from its owner, as one that joins now', () => {
    const back = decideSubmission(
      submission({ tokenHash: 'hash-of-a' }),
      { byToken: app({ withdrawnAt: now }), byUrl: undefined },
      fresh,
    );
    expect(back).toMatchObject({ kind: 'update', app: { appId: 'a', joinedAt: now, withdrawnAt: null } });
  });
});
