import type { Page } from 'puppeteer-core';
import { idOf, lossyId } from '../dev/fixture-apps.js';
import { openPages, press, signIn, textOf, waitForText, type Pages } from './open-pages.js';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());
afterEach(() => {
  pages.fixture.lab.isSignedIn = false;
});

const type = (page: Page, name: string, text: string) => page.locator(`[name=${name}]`).fill(text);
const valueOf = (page: Page, name: string) =>
  page.$eval(`[name=${name}]`, (input) => (input as HTMLInputElement).value);
const errorOf = (page: Page, name: string) =>
  page.$eval(`[name=${name}]`, (input) => {
    const ids = input.getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
  });

describe('submitting an app', () => {
  it('keeps what was typed, says at the field what is wrong, and shows the claim code once it is accepted', async () => {
    const { page } = await pages.open('/');
    await press(page, 'Submit');
    expect(await errorOf(page, 'name')).toContain('Say what to call it on the board.');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('name');

    await type(page, 'name', 'Rosa');
    await type(page, 'url', 'rosa.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Correct the fields named above');
    expect(await errorOf(page, 'url')).toContain('Must begin with http:// or https://.');
    expect([await valueOf(page, 'name'), await valueOf(page, 'url')]).toEqual(['Rosa', 'rosa.example.org']);

    await type(page, 'url', 'https://rosa.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Rosa takes part');
    const code = await page.$eval('code', (element) => element.textContent);
    expect(code).toMatch(/^lk_/);
    expect(await page.evaluate(() => localStorage.getItem('lockstep.own-apps'))).toContain(code);

    await page.locator('a::-p-text(Watch it on the board)').click();
    await page.waitForSelector('[data-row][data-own][data-pointed]');
    expect(await textOf(page, '[aria-label="Your app"]')).toContain('Rosa');
    await page.close();
  });

  it('asks for the claim code when the address is taken', async () => {
    const { page } = await pages.open('/');
    await type(page, 'name', 'Somebody else');
    await type(page, 'url', 'https://ada.example.org');
    await press(page, 'Submit');
    await page.waitForSelector('[name=claimCode]');
    expect(await errorOf(page, 'url')).toContain('was submitted already');
    await type(page, 'claimCode', 'wrong');
    await press(page, 'Submit');
    await waitForText(page, 'The claim code belongs to no app.');
    expect(await errorOf(page, 'claimCode')).toContain('The claim code belongs to no app.');
    await page.close();
  });

  it('sends the same key again when the answer was lost, and another when the words changed', async () => {
    const { page } = await pages.open('/');
    const keys: string[] = [];
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const isSubmission = request.method() === 'POST' && request.url().endsWith('/api/v1/apps');
      if (isSubmission) keys.push(request.headers()['idempotency-key']!);
      void (isSubmission ? request.abort() : request.continue());
    });
    await type(page, 'name', 'Rosa');
    await type(page, 'url', 'https://again.example.org');
    for (const name of ['Rosa', 'Rosa', 'Rosa L.']) {
      await type(page, 'name', name);
      const asked = page.waitForRequest((request) => request.method() === 'POST');
      await press(page, 'Submit');
      await asked;
      await waitForText(page, 'No connection');
    }
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([true, false]);
    await page.close();
  });
});

describe('the owner of an app', () => {
  it('changes and withdraws it with the claim code that this browser remembers', async () => {
    const { page } = await pages.open('/');
    await type(page, 'name', 'Passing');
    await type(page, 'url', 'https://passing.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Passing takes part');
    await page.goto(`${pages.fixture.url}/`);
    await page.locator('main a::-p-text(Passing)').click();
    await press(page, 'Change');
    await page.waitForSelector('[role=dialog] [name=name]');
    await type(page, 'name', 'Staying');
    await press(page, 'Change it');
    await waitForText(page, 'Staying', 'h1');
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await press(page, 'Withdraw');
    await press(page, 'Withdraw it');
    await waitForText(page, 'This app does not take part');
    await page.close();
  });
});

const order = (page: Page) => page.$$eval('[data-row]', (rows) => rows.map((row) => (row as HTMLElement).dataset.row));

/** Counts what slides and what is outlined from now on. */
const countAnimations = (page: Page) =>
  page.evaluate(() => {
    const counts = { slid: 0, outlined: 0 };
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...args) {
      const [frame] = args[0] as Keyframe[];
      if (frame && 'transform' in frame) counts.slid += 1;
      if (frame && 'boxShadow' in frame) counts.outlined += 1;
      return animate.apply(this, args);
    };
    (window as { counts?: typeof counts }).counts = counts;
  });
const animations = (page: Page) =>
  page.evaluate(() => (window as { counts?: { slid: number; outlined: number } }).counts);

describe('the live board', () => {
  it('moves a row to its new rank and outlines what changed, or nothing for people who want stillness', async () => {
    const { board } = pages.fixture;
    for (const isStill of [false, true]) {
      const { page } = await pages.open('/leaderboard', { isStill });
      await page.waitForSelector('[data-row]');
      await countAnimations(page);
      const row = board.row(lossyId)!;
      const rank = row.rank === 5 ? 2 : 5;
      board.change([{ ...row, rank, rowsDifferent: row.rowsDifferent + 1 }]);
      await page.waitForFunction(
        (id, wanted) => document.querySelector(`[data-row="${id}"] [data-cell="rank"]`)?.textContent === wanted,
        {},
        lossyId,
        String(rank),
      );
      expect((await order(page)).indexOf(lossyId)).toBe(rank === 2 ? 2 : 4);
      const counts = await animations(page);
      expect(counts).toEqual(isStill ? { slid: 0, outlined: 0 } : { slid: 3, outlined: 2 });
      await page.close();
    }
  });

  it('draws only the row that changed', async () => {
    const { page } = await pages.open('/leaderboard');
    await page.waitForSelector('[data-row]');
    // Every endpoint cell that is drawn encodes its path for its link.
    await page.evaluate(() => {
      const encode = globalThis.encodeURIComponent;
      const drawn = { cells: 0 };
      (window as { drawn?: typeof drawn }).drawn = drawn;
      globalThis.encodeURIComponent = (text) => {
        drawn.cells += 1;
        return encode(text);
      };
    });
    const row = pages.fixture.board.row(idOf(3))!;
    pages.fixture.board.change([{ ...row, acknowledged: 1, lostAfterAck: 7 }]);
    await waitForText(page, '7', `[data-row="${idOf(3)}"] [data-cell="lost"]`);
    expect(await page.evaluate(() => (window as { drawn?: { cells: number } }).drawn)).toEqual({ cells: 4 });
    await page.close();
  });

  it('says when it is not live, comes back with its revision, and misses nothing', async () => {
    const { board } = pages.fixture;
    const { page } = await pages.open('/leaderboard');
    await waitForText(page, 'Live');
    const revision = board.revision;
    board.isRefusing = true;
    board.dropStreams();
    await waitForText(page, /Reconnecting · as it was \d+ s ago/);
    board.change([{ ...board.row(idOf(1))!, name: 'Ada Renamed' }], {
      log: [board.addLine('info', 'This line was written while nobody listened.')],
    });
    board.isRefusing = false;
    await waitForText(page, 'Ada Renamed');
    await waitForText(page, 'This line was written while nobody listened.');
    await page.waitForFunction(() => !document.body.innerText.includes('Reconnecting'));
    expect(board.lastAfter).toBe(revision);
    await page.close();
  });

  it('names the services that do not answer', async () => {
    const { board } = pages.fixture;
    const { page } = await pages.open('/leaderboard');
    await waitForText(page, 'Live');
    board.missing = ['comparator'];
    board.change([]);
    await waitForText(page, 'On our side: comparator does not answer, so comparisons wait.');
    board.missing = [];
    board.change([]);
    await page.waitForFunction(() => !document.body.innerText.includes('On our side'));
    await page.close();
  });

  it('counts down to the next sync check, and shows a fill as it goes', async () => {
    const { page } = await pages.open('/leaderboard');
    await waitForText(page, /Next sync check in \d+ s|Next sync check in a moment/);
    pages.fixture.lab.startFill();
    await waitForText(page, /Filling [1-9]\/\d+ apps/);
    await page.waitForFunction(() => !document.body.innerText.includes('Filling'));
    await page.close();
  });

  it('filters by verdict and words, keeps that in the address, and keeps ranks in order', async () => {
    const { page } = await pages.open('/leaderboard');
    await page.waitForSelector('[data-row]');
    await press(page, 'Out of sync');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 2);
    await page.locator('input[aria-label^="Search"]').fill('tomás green');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1);
    const { search } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({ verdict: 'out-of-sync', search: 'tomás green' });
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1);
    await page.close();
  });

  it('leads from every judged cell to its comparison and its trace, by keyboard too', async () => {
    const { page } = await pages.open('/leaderboard');
    await page.waitForSelector('[data-row]');
    const cell = `[data-row="${idOf(4)}"] [data-cell="/api/moods/all"] a`;
    expect(await page.$eval(cell, (link) => link.getAttribute('href'))).toBe(
      `/comparisons/${idOf(104)}?endpoint=%2Fapi%2Fmoods%2Fall`,
    );
    const judged = await page.$$eval('[data-row]', (rows) =>
      rows
        .filter((row) => row.querySelector('[data-tip] a'))
        .map((row) => row.querySelectorAll('a[href^="/traces/"]').length),
    );
    expect(judged.length).toBeGreaterThan(5);
    expect(new Set(judged)).toEqual(new Set([1]));
    await page.hover(cell);
    await waitForText(page, 'matched');
    await page.focus(cell);
    await page.keyboard.press('t');
    await page.waitForFunction(() => location.pathname.startsWith('/traces/'));
    await page.close();
  });

  it('keeps at most five hundred lines of the log, stands still while somebody reads, and searches', async () => {
    const { board } = pages.fixture;
    const { page } = await pages.open('/leaderboard');
    await press(page, 'Fill log');
    await page.waitForSelector('[role=log]');
    const log = Array.from({ length: 700 }, (_, index) => board.addLine('info', `[load] line ${index}.`));
    board.change([], { log });
    await waitForText(page, 'older ones are not kept here');
    const lines = () => page.$$eval('[role=log] > span', (found) => found.length);
    expect(await lines()).toBe(500);

    await page.$eval('[role=log]', (list) => list.scrollTo(0, 100));
    await waitForText(page, 'Paused');
    const first = await textOf(page, '[role=log] > span');
    board.change([], { log: [board.addLine('bad', 'Something new.')] });
    await waitForText(page, 'Paused, 1 new line: go on');
    expect(await textOf(page, '[role=log] > span')).toBe(first);
    await press(page, 'Paused');
    await waitForText(page, 'Something new.', '[role=log]');

    await page.locator('input[aria-label="Search the log"]').fill('something');
    await page.waitForFunction(() => document.querySelectorAll('[role=log] > span').length === 1);
    await page.close();
  });

  it('tells screen readers a summary of what changed', async () => {
    const { board } = pages.fixture;
    const { page } = await pages.open('/leaderboard');
    await page.waitForSelector('[data-row]');
    board.change([{ ...board.row(idOf(2))!, verdict: 'pending' }]);
    await page.waitForFunction(
      () =>
      [...document.querySelectorAll('[role=status]')].some((one) => one.textContent?.includes('1 app changed: Grace Murray is Pending.')), // prettier-ignore
    );
    await page.close();
  });
});

describe('a comparison', () => {
  it('is walked by keyboard, and the address names the row', async () => {
    const { page } = await pages.open(`/comparisons/${idOf(105)}`);
    await waitForText(page, '16 differences');
    const current = () => page.$eval('article[aria-current]', (row) => row.getAttribute('aria-label'));
    for (const key of ['j', 'j', 'k', 'j', 'j'] as const) await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelector('article[aria-current]')?.ariaLabel?.startsWith('Difference 3,')); // prettier-ignore
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-current'))).toBe('true');
    const row = new URL(page.url()).searchParams.get('row');
    expect(await current()).toContain(row);

    await page.reload();
    await page.waitForSelector('article[aria-current]');
    expect(await current()).toContain(row);

    await page.keyboard.press('3');
    await page.waitForFunction(() => document.querySelector('[role=tab][aria-selected=true]')?.textContent?.includes('Stats')); // prettier-ignore
    expect(await current()).toContain('The figures follow');
    await page.keyboard.press('c');
    await waitForText(page, "curl -sS --max-time 10 'https://kirill.example.org/api/stats/overview?limit=200'");
    await page.keyboard.press('t');
    await page.waitForFunction(() => location.pathname.startsWith('/traces/'));
    await page.close();
  });

  it('leaves single keys alone while somebody types, and when they are switched off', async () => {
    const { page } = await pages.open(`/comparisons/${idOf(105)}`);
    await waitForText(page, '16 differences');
    await page.keyboard.press('?');
    await waitForText(page, 'Single keys act on this page');
    await page.locator('[role=dialog] input[role=switch]').click();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await page.keyboard.press('j');
    await page.keyboard.press('?');
    expect(await page.$('article[aria-current]')).toBeNull();
    expect(await page.$('[role=dialog]')).toBeNull();
    await page.close();
  });
});

describe('staff', () => {
  it('are told when name or password are wrong, and what they typed stays', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, 'wrong');
    await waitForText(page, 'Name or password is wrong');
    expect(await page.$eval('input[autocomplete=username]', (input) => (input as HTMLInputElement).value)).toBe('teacher'); // prettier-ignore
    await signIn(page, pages.fixture.lab.password);
    await waitForText(page, 'Compare with the baseline');
    await page.close();
  });

  it('compare all, see it progress and never go back, and find it again after a reload', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, pages.fixture.lab.password);
    await press(page, 'Compare all');
    await page.waitForSelector('[role=progressbar][aria-label="Apps compared"]');
    await page.evaluate(() => {
      const bar = document.querySelector('[aria-label="Apps compared"]')!;
      const seen = [Number(bar.ariaValueNow)];
      (window as { seen?: number[] }).seen = seen;
      new MutationObserver(() => seen.push(Number(bar.ariaValueNow))).observe(bar, { attributes: true });
    });
    await waitForText(page, /Compared (\d+)\/\1/);
    const seen = await page.evaluate(() => (window as { seen?: number[] }).seen!);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(new Set(seen).size).toBeGreaterThan(2);
    await page.reload();
    await waitForText(page, /Compared (\d+)\/\1/);
    await page.close();
  });

  it('compare those they choose', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, pages.fixture.lab.password);
    await page.locator('label::-p-text(Kirill Antonov)').click();
    await page.locator('label::-p-text(Mei-Lin Chou)').click();
    await press(page, 'Compare 2 apps');
    await waitForText(page, '2 comparisons queued.');
    await waitForText(page, /Compared 2\/2/);
    await page.locator('label::-p-text(Mei-Lin Chou)').click();
    await press(page, 'Compare 1 app');
    await waitForText(page, /Compared 1\/1/);
    await page.close();
  });

  it('fill now and set what runs by itself; each change says what happened', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, pages.fixture.lab.password);
    await press(page, 'Fill now');
    await waitForText(page, /Fill \d+ begins: \d+ apps\./);
    await waitForText(page, /filling \d+\/\d+ apps/);
    await page.locator('label::-p-text(Sync checks)').click();
    await waitForText(page, 'Sync checks are off.');
    await page.locator('::-p-aria(Seconds between fills)').fill('45');
    await page.keyboard.press('Enter');
    await waitForText(page, 'Fills are on, every 45 s.');
    await page.locator('::-p-aria(Baseline address)').fill('nowhere');
    await page.keyboard.press('Enter');
    await waitForText(page, 'must be an address');
    expect(pages.fixture.board.timers).toMatchObject({ fill: { intervalSeconds: 45 }, compare: { on: false } });
    await page.close();
  });

  it('sign in again over the page when their session has ended, and find it as they left it', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, pages.fixture.lab.password);
    await page.locator('label::-p-text(Kirill Antonov)').click();
    pages.fixture.lab.isSignedIn = false;
    await press(page, 'Compare 1 app');
    await waitForText(page, 'Your session has ended');
    await page.locator('[role=dialog] input[autocomplete=current-password]').fill(pages.fixture.lab.password);
    await press(page, 'Sign in');
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await press(page, 'Compare 1 app');
    await waitForText(page, '1 comparison queued.');
    await page.close();
  });

  it('discard a dead letter only with a reason', async () => {
    const { page } = await pages.open('/staff?section=operations');
    await signIn(page, pages.fixture.lab.password);
    await press(page, 'Discard');
    await waitForText(page, 'Why is it given up?');
    expect(await page.$eval('[role=dialog] button[type=submit]', (button) => (button as HTMLButtonElement).disabled)).toBe(true); // prettier-ignore
    await page.locator('[role=dialog] input').fill('The app is gone.');
    await press(page, 'Discard it');
    await waitForText(page, 'ParityComputed was discarded; what waited behind it goes on.');
    await page.close();
  });
});

describe('a trace', () => {
  it('is walked by keyboard: lines close and open, Enter shows the details', async () => {
    const { page } = await pages.open(`/traces/${'4bf92f3577b34da6'.padEnd(32, '0')}`);
    await page.waitForSelector('[role=treegrid]');
    const lines = () => page.$$eval('[data-span]', (found) => found.length);
    const all = await lines();
    await page.focus('[data-span][tabindex="0"]');
    await page.keyboard.press('ArrowLeft');
    expect(await lines()).toBe(1);
    await page.keyboard.press('ArrowRight');
    expect(await lines()).toBe(all);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await waitForText(page, 'after the trace');
    await page.close();
  });
});
