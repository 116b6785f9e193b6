import type { HTTPRequest, Page } from 'puppeteer-core';
import { idOf, lookedAtId, lossyId, traceOf } from '../dev/fixture-apps.js';
import type { Fixture } from '../dev/fixture.js';
import { openPages, press, signIn, textOf, type, valueOf, waitForText, type Pages } from './open-pages.js';

// What the pages say when something is not known, not yet known, or no longer known: no old figure beside a new word, no tick
// without its age, nothing that was watched forgotten after an outage.
let pages: Pages;
let fixture: Fixture;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
beforeEach(async () => {
  fixture = await pages.start({});
});
afterAll(() => pages?.close());

const open = async (path: string, of = fixture): Promise<Page> => (await pages.open(path, {}, of)).page;
const cellsOf = (page: Page, appId: string) =>
  page.$$eval(`[data-row="${appId}"] [data-cell]`, (cells) =>
    Object.fromEntries(
      cells.map((cell) => [(cell as HTMLElement).dataset.cell, (cell as HTMLElement).innerText.trim()]),
    ),
  );
const nothingToSay = { '/api/moods/all': '', '/api/journal/entries/all': '', '/api/stats/overview': '', '/api/server/values/all': '' }; // prettier-ignore

describe('before the second look', () => {
  it('the board shows no count of an app, only that it is pending', async () => {
    const page = await open('/leaderboard');
    await page.waitForSelector('[data-row]');
    expect(await cellsOf(page, lossyId)).toMatchObject({
      different: '18',
      lost: '14',
      '/api/journal/entries/all': '16',
    });
    fixture.lab.startBatch([lossyId]);
    await waitForText(page, 'Pending', `[data-row="${lossyId}"]`);
    expect(await cellsOf(page, lossyId)).toMatchObject({ verdict: 'Pending', ...nothingToSay });
    for (const cell of ['different', 'lost'])
      expect(await textOf(page, `[data-row="${lossyId}"] [data-cell=${cell}]`)).toMatch(/^–/);
    const names = await page.$$eval(`[data-row="${lossyId}"] [aria-label]`, (all) => all.map((one) => one.ariaLabel));
    expect(names).toEqual(expect.arrayContaining(['Moods: Pending', 'Entries: Pending']));
    await waitForText(page, 'Out of sync', `[data-row="${lossyId}"]`);
    expect(await cellsOf(page, lossyId)).toMatchObject({ different: '18', lost: '14' });
    await page.close();
  });

  it('a comparison shows neither rows nor verdicts of endpoints, nor which of them differs', async () => {
    const page = await open(`/comparisons/${idOf(199)}`);
    await waitForText(page, 'Something differs; looking again in 7 s before saying so.');
    const text = await textOf(page);
    expect(text).not.toMatch(/lost|Out of sync|missing|matched/);
    expect(text.split('not judged yet')).toHaveLength(5);
    expect(await page.$$('article')).toEqual([]);
    expect(await textOf(page, '[role=tab][aria-selected=true]')).toContain('Moods');
    await page.close();
  });

  it('the page of an app marks its last bars as old, and does not link them', async () => {
    const page = await open(`/apps/${lookedAtId}`);
    await waitForText(page, 'As last judged', '[aria-label=Standing]');
    expect(await page.$$('[aria-label=Standing] a[href^="/comparisons/"]')).toEqual([]);
    await page.close();
  });
});

describe('an app that could not be judged', () => {
  it('has no old figures beside the word', async () => {
    const page = await open('/leaderboard');
    await page.waitForSelector('[data-row]');
    for (const appId of [idOf(6), idOf(7)]) {
      expect(await cellsOf(page, appId)).toMatchObject(nothingToSay);
      expect(await textOf(page, `[data-row="${appId}"] [data-cell=lost]`)).toMatch(/^– Not judged: /);
    }
    await page.goto(`${fixture.url}/apps/${idOf(7)}`);
    await waitForText(page, /As last judged.*Next|Next sync check in \d+ s\..*As last judged/);
    expect(await page.$$('[aria-label=Standing] a[href^="/comparisons/"]')).toEqual([]);
    await page.close();
  });

  it.each([106, 107])('is not said to have lost nothing (comparison %d)', async (n) => {
    const page = await open(`/comparisons/${idOf(n)}`);
    await waitForText(page, 'not judged this time');
    expect(await textOf(page)).not.toMatch(/none lost|0 matched|Compared: \./);
    await page.close();
  });
});

/** Until a read has failed so often: longer than any row of retries, so that the page has to begin anew by itself. */
async function failures(page: Page, path: string, times: number): Promise<void> {
  for (let seen = 0; seen < times; seen++)
    await new Promise<void>((done) => {
      const onFailed = (request: HTTPRequest) => {
        if (!new URL(request.url()).pathname.startsWith(path)) return;
        page.off('requestfailed', onFailed);
        done();
      };
      page.on('requestfailed', onFailed);
    });
}

// Those that are concurrent wait for the page's own patience, seconds each, all at once: each has a fixture of its own.
describe('an outage', () => {
  it.concurrent('does not end what is watched: a comparison says that it is old, and goes on', async () => {
    const fixture = await pages.start({});
    const { comparisons } = fixture.lab.startBatch([lossyId]);
    const comparison = [...fixture.lab.batches.values()][0]!.comparisons[0]!;
    fixture.lab.stop(); // the fixture's own clock stands still; the test says when it is judged
    comparison.state = 'comparing';
    const page = await open(`/comparisons/${comparisons[0]!.comparisonId}`, fixture);
    await waitForText(page, 'Reading both sides');
    fixture.lab.isAway = true;
    await failures(page, '/api/v1/comparisons/', 5);
    await waitForText(page, /No answer for \d+ s; what you see is older\. Asking again\./);
    Object.assign(comparison, { state: 'done', computedAt: new Date().toISOString() });
    fixture.lab.isAway = false;
    await waitForText(page, '16 differences');
    expect(await textOf(page)).not.toContain('No answer for');
    await page.close();
  });

  it.concurrent('does not end the progress of a batch', async () => {
    const fixture = await pages.start({});
    const page = await open('/staff', fixture);
    await signIn(page, fixture.lab.password);
    await press(page, 'Compare all');
    await page.waitForSelector('[role=progressbar][aria-label="Apps compared"]');
    fixture.lab.isAway = true;
    await failures(page, '/api/v1/batches/', 5);
    await waitForText(page, /No answer for \d+ s/, '[aria-label="Progress of the comparison"]');
    fixture.lab.isAway = false;
    await waitForText(page, /Compared (\d+)\/\1/);
    await page.close();
  });

  it.concurrent('does not end a pre-flight', async () => {
    const fixture = await pages.start({});
    const page = await open('/', fixture);
    await type(page, 'url', 'https://slow.example.org');
    await press(page, 'Check it first');
    await waitForText(page, /Looked at \d of 9/);
    fixture.lab.isAway = true;
    await failures(page, '/api/v1/preflights/', 5);
    await waitForText(page, /Looked at \d of 9.*No answer for \d+ s/, '[aria-labelledby=preflight-title]');
    fixture.lab.isAway = false;
    await waitForText(page, '9 of 9 passed.');
    expect(fixture.lab.preflights.writes).toBe(1);
    await page.close();
  });

  it.concurrent('leaves no tick without its age on the page of an operator', async () => {
    const fixture = await pages.start({});
    const page = await open('/staff?section=operations', fixture);
    await signIn(page, fixture.lab.password);
    await waitForText(page, 'nothing left to do');
    await waitForText(page, /counted \d+ s ago/);
    fixture.lab.isAway = true;
    await waitForText(page, /Services No answer for \d+ s/);
    await waitForText(page, /Dead letters No answer for \d+ s/);
    await page.close();
  });

  it.concurrent('of the stream alone leaves the page of an app and the console usable', async () => {
    const fixture = await pages.start({});
    fixture.board.isRefusing = true;
    const page = await open(`/apps/${lossyId}`, fixture);
    await waitForText(page, 'Kirill Antonov', 'h1');
    await waitForText(page, 'How it stands is not known here: the live board does not answer.');
    await waitForText(page, 'Of 528 writes the app acknowledged, 384 are visible');
    await page.goto(`${fixture.url}/staff`);
    await signIn(page, fixture.lab.password);
    await waitForText(page, 'The live board does not answer');
    await waitForText(page, 'Seconds between fills');
    expect(await textOf(page)).not.toContain('fills cannot be set now');
    await page.close();
  });
});

describe('a board whose owner is away', () => {
  it('is said to stand still, with its age, not to be live', async () => {
    const page = await open('/leaderboard');
    await waitForText(page, 'Live');
    Object.assign(fixture.board, { missing: ['leaderboard'], asOf: new Date(Date.now() - 12_000).toISOString() });
    fixture.board.change([]);
    await waitForText(page, /Standing still · as it was \d+ s ago/);
    expect((await textOf(page)).replace(/live board/g, '')).not.toMatch(/\bLive\b/);
    await page.close();
  });

  it('that never answered is not called empty, and has no age of fifty years', async () => {
    fixture.board.neverHeard();
    const page = await open('/leaderboard');
    await waitForText(page, 'The board cannot be read yet');
    await waitForText(page, 'On our side; nothing is lost, and it comes by itself.');
    expect(await textOf(page, 'body')).not.toMatch(/No app takes part|\d+ d ago|Live/);
    await page.close();
  });
});

describe('an operator', () => {
  it('sees that a quiet service has not read everything', async () => {
    const page = await open('/staff?section=operations');
    await signIn(page, fixture.lab.password);
    await waitForText(page, '2 behind filler');
    const states = await page.$$eval('[aria-labelledby=services-title] li', (rows) =>
      Object.fromEntries(
        rows.map((row) => [row.querySelector('strong')!.textContent, (row as HTMLElement).dataset.state]),
      ),
    );
    expect(states).toEqual({ gateway: 'still', submission: 'still', filler: 'busy', comparator: 'busy', leaderboard: 'down' }); // prettier-ignore
    await page.close();
  });
});

describe('a trace', () => {
  it('of a batch opens at the comparison that one came from, and leads back to it and to its app', async () => {
    const page = await open('/leaderboard');
    await page.waitForSelector('[data-row]');
    await page.$eval(`[data-row="${lossyId}"] a[href^="/traces/"]`, (link) => (link as HTMLElement).click());
    await page.waitForSelector('[data-wanted]');
    await waitForText(page, 'work comparison Kirill Antonov out of sync', '[data-wanted]');
    await waitForText(page, 'GET baseline');
    const reads = await page.$$eval('[data-span]', (lines) => lines.map((line) => line.textContent).filter((text) => text.startsWith('GET '))); // prettier-ignore
    expect(reads).toHaveLength(8);
    expect(reads.filter((text) => text.includes('baseline'))).toHaveLength(4);
    const ways = await page.$$eval('main a', (links) => links.map((link) => link.getAttribute('href')));
    expect(ways).toEqual(expect.arrayContaining([`/apps/${lossyId}`, `/comparisons/${idOf(105)}`]));
    await page.close();
  });

  it.concurrent('that began a moment ago is waited for', async () => {
    const page = await open(`/traces/${traceOf(10)}`, await pages.start({}));
    await waitForText(page, 'Waiting for the trace; it appears within seconds.');
    await waitForText(page, /\d+ spans/);
    await page.close();
  });

  it.concurrent('that is not kept any more is nobody’s fault', async () => {
    const page = await open(`/traces/${traceOf(9)}`, await pages.start({}));
    await page.waitForSelector('[role=alert]', { timeout: 15_000 });
    const note = await textOf(page, '[role=alert]');
    expect(note).toContain('Traces are kept for a day');
    expect(note).not.toMatch(/side/);
    await page.close();
  });
});

describe('an app under a pseudonym', () => {
  it('is shown under another name to all but staff, until its owner takes that away, and says how many more may come', async () => {
    const page = await open('/');
    await waitForText(page, 'From your address 100 new apps may come within an hour.');
    const typed = { name: 'Rosa', url: 'https://rosa.example.org', team: 'Owls', pseudonym: 'Fox' };
    for (const [name, text] of Object.entries(typed)) await type(page, name, text);
    await press(page, 'Submit');
    await waitForText(page, 'The board calls it Fox; only staff see who is behind it.');
    await waitForText(page, /From your address: 99 of 100 new apps left, resets at .*\d\d:\d\d/);
    await page.locator('a::-p-text(Watch it on the board)').click();
    await page.waitForSelector('[data-row][data-own]');
    expect(await textOf(page, '[data-row][data-own]')).toMatch(/^(?!.*(Rosa|Owls)).*Fox/);
    const own = [...fixture.lab.claims.keys()][0]!;
    await page.goto(`${fixture.url}/staff`);
    await signIn(page, fixture.lab.password);
    await waitForText(page, 'Sign out');
    await page.goto(`${fixture.url}/apps/${own}`);
    await waitForText(page, 'A pseudonym; only staff see that this is Rosa, team Owls.');
    await press(page, 'Change');
    await page.waitForSelector('[role=dialog] [name=pseudonym]');
    expect([await valueOf(page, 'name'), await valueOf(page, 'team'), await valueOf(page, 'pseudonym')]).toEqual(['Rosa', 'Owls', 'Fox']); // prettier-ignore
    await page.click('[role=dialog] [name=pseudonym]', { count: 3 });
    await page.keyboard.press('Backspace');
    await press(page, 'Change it');
    await waitForText(page, 'Rosa', 'h1');
    await page.close();
  });
});
