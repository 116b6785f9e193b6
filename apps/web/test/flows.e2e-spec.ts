import type { Page } from 'puppeteer-core';
import { idOf, lossyId } from '../dev/fixture-apps.js';
import { errorOf, openPages, press, signIn, textOf, type, valueOf, waitForText, type Pages } from './open-pages.js';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());
afterEach(() => {
  pages.fixture.lab.isSignedIn = false;
});

describe('submitting an app', () => {
  it('keeps what was typed, says at the field what is wrong, and shows the claim code once it is accepted', async () => {
    const { page } = await pages.open('/');
    await press(page, 'Submit');
    expect(await errorOf(page, 'name')).toContain('Say what to call it on the board.');
    await page.waitForFunction(() => (document.activeElement as HTMLInputElement).name === 'name');

    await type(page, 'name', 'Rosa');
    await type(page, 'url', 'rosa.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Must begin with http:// or https://.');
    expect(await errorOf(page, 'url')).toContain('Must begin with http:// or https://.');
    expect((await textOf(page)).split('ust begin with http://')).toHaveLength(2);
    expect(await page.$('[role=alert]')).toBeNull();
    expect([await valueOf(page, 'name'), await valueOf(page, 'url')]).toEqual(['Rosa', 'rosa.example.org']);

    await type(page, 'url', 'https://rosa.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Rosa takes part');
    const code = await page.$eval('code', (element) => element.textContent);
    expect(code).toMatch(/^lk_/);
    expect(await page.evaluate(() => localStorage.getItem('lockstep.own-apps'))).toContain(code);
    expect(await textOf(page)).toContain('Your app is filled within seconds');

    await page.locator('a::-p-text(Watch it on the board)').click();
    await page.waitForSelector('[data-row][data-own][data-pointed]');
    expect(await textOf(page, '[aria-label="Your app"]')).toMatch(
      /Rosa Not compared yet\. Next fill in \d+ s; the first comparison follows it\./,
    );
    await page.close();
  });

  it('promises nothing while fills are switched off', async () => {
    const fixture = await pages.start({});
    fixture.board.timers.fill!.on = false;
    const { page } = await pages.open('/', {}, fixture);
    await type(page, 'name', 'Rosa');
    await type(page, 'url', 'https://rosa.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'Fills are switched off now; your app is filled when staff switch them on.');
    await page.close();
  });

  it('asks for the claim code when the address is taken', async () => {
    const { page } = await pages.open('/');
    await type(page, 'name', 'Somebody else');
    await type(page, 'url', 'https://ada.example.org');
    await press(page, 'Submit');
    await page.waitForSelector('[name=claimCode]');
    expect(await errorOf(page, 'url')).toContain('was submitted already');
    expect((await textOf(page)).split('was submitted already')).toHaveLength(2);
    expect(await textOf(page, '[role=alert]')).toContain('send the claim code you got then');
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
    expect(await textOf(page, '[role=alert]')).toContain('Not known whose side; it costs you nothing');
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
    const code = await page.evaluate(() => (JSON.parse(localStorage.getItem('lockstep.own-apps')!) as { claimCode: string }[])[0]!.claimCode); // prettier-ignore
    expect(await textOf(page, 'header ~ main')).toContain('Copy claim code');
    await press(page, 'Withdraw');
    await waitForText(page, code, '[role=dialog]');
    await press(page, 'Withdraw it');
    await waitForText(page, 'Staying does not take part');

    await page.reload();
    await waitForText(page, code);
    await page.locator('a::-p-text(Submit it again)').click();
    await page.waitForSelector('[name=claimCode]');
    expect([await valueOf(page, 'name'), await valueOf(page, 'url'), await valueOf(page, 'claimCode')]).toEqual([
      'Staying',
      'https://passing.example.org',
      code,
    ]);
    await press(page, 'Submit');
    await waitForText(page, 'Staying is changed');
    await page.goto(`${pages.fixture.url}/`);
    await waitForText(page, 'Staying. Change or withdraw it');
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
    expect(new URL(page.url()).searchParams.get('comparison')).toBe(idOf(104));
    await page.close();
  });

  it('opens both from a cell by a finger too', async () => {
    const { page } = await pages.open('/leaderboard', { width: 390, isTouch: true });
    await page.waitForSelector('[data-row]');
    const cell = `[data-row="${idOf(5)}"] [data-cell="/api/journal/entries/all"] a`;
    await page.tap(cell);
    await page.waitForSelector('[role=dialog][aria-label="Entries of Kirill Antonov"]');
    expect(await textOf(page, '[role=dialog]')).toMatch(/matched 50 missing 14 .*Comparison Trace/);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Comparison');
    await page.tap('h1');
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await page.tap(cell);
    await page.tap('[role=dialog] a[href^="/traces/"]');
    await page.waitForFunction(() => location.pathname.startsWith('/traces/'));
    await page.close();
  });

  it('is one stop of the keyboard in each row, with arrows from there, and a way past all of them', async () => {
    const many = await pages.start({ apps: 300 });
    const { page } = await pages.open('/leaderboard', {}, many);
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 300);
    const stops = await page.$$eval('[role=table] a, [role=table] button, [role=table] [tabindex]', (all) => all.filter((one) => (one as HTMLElement).tabIndex >= 0).length); // prettier-ignore
    expect(stops).toBe(300);
    const focused = () =>
      page.evaluate(() => {
        const cell = document.activeElement!.closest<HTMLElement>('[role=cell]')!;
        return [cell.closest<HTMLElement>('[data-row]')!.dataset.row, cell.dataset.cell ?? 'name'];
      });
    await page.focus(`[data-row="${idOf(4)}"] a`);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown'] as const) await page.keyboard.press(key);
    expect(await focused()).toEqual([idOf(5), '/api/moods/all']);
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowUp'] as const) await page.keyboard.press(key);
    expect(await focused()).toEqual([idOf(4), 'name']);
    await page.locator('a::-p-text(Skip to the fill log)').wait();
    await page.$eval('a[href="#fill-log"]', (link) => (link as HTMLElement).focus());
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('fill-log');
    await page.close();
  });

  it('turns its pages on a projector, so that a hall sees every app, and is left with Esc', async () => {
    const many = await pages.start({ apps: 60 });
    const { page } = await pages.open('/nothing', {}, many);
    // A quarter of a minute is turned into a blink: the pages are the matter here, not the wait.
    await page.evaluateOnNewDocument(() => {
      const turn = globalThis.setInterval;
      globalThis.setInterval = ((act: () => void, ms: number) => turn(act, ms === 15_000 ? 50 : ms)) as typeof turn;
    });
    await page.goto(`${many.url}/leaderboard`);
    await press(page, 'Projector');
    await waitForText(page, /of 60 apps, page \d of \d/);
    await page.evaluate(() => {
      const seen = new Set<string>();
      (window as { seen?: Set<string> }).seen = seen;
      const note = () =>
        document.querySelectorAll<HTMLElement>('[data-row]').forEach((row) => seen.add(row.dataset.row!));
      note();
      new MutationObserver(note).observe(document.querySelector('[role=table]')!, { childList: true, subtree: true });
    });
    await page.waitForFunction(() => (window as { seen?: Set<string> }).seen!.size === 60);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBeLessThanOrEqual(
      0,
    );
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 60);
    expect(new URL(page.url()).search).toBe('');
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
    const row = board.row(idOf(2))!;
    board.change([{ ...row, verdict: 'pending' }]);
    await waitForText(page, 'Pending', `[data-row="${idOf(2)}"]`);
    board.change([{ ...row, verdict: 'unreachable' }]);
    await page.waitForFunction(
      () =>
      [...document.querySelectorAll('[role=status]')].some((one) => one.textContent?.includes('1 app changed: Grace Murray is Unreachable.')), // prettier-ignore
    );
    expect(await textOf(page, 'body')).not.toContain('Grace Murray is Pending');
    board.change([row]);
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
    expect(row).toMatch(/^~[0-9a-z]{10}$/);
    expect(await current()).toContain(row);

    await page.reload();
    await page.waitForSelector('article[aria-current]');
    expect(await current()).toContain(row);

    await page.keyboard.press('2');
    await page.waitForFunction(() => document.querySelector('article[aria-current]')?.getAttribute('aria-label')?.startsWith('Difference 15, doubled')); // prettier-ignore
    await page.keyboard.press('3');
    await page.waitForFunction(() => document.querySelector('[role=tab][aria-selected=true]')?.textContent?.includes('Stats')); // prettier-ignore
    expect(await current()).toContain('entries_today does not follow from the app’s own rows.');
    await page.keyboard.press('c');
    await waitForText(page, "curl -sS --max-time 10 'https://kirill.example.org/api/stats/overview'");
    await page.keyboard.press('b');
    await waitForText(page, "curl -sS --max-time 10 'http://127.0.0.1:9001/api/stats/overview'");
    await page.keyboard.press('t');
    await page.waitForFunction(() => location.pathname.startsWith('/traces/'));
    expect(new URL(page.url()).searchParams.get('comparison')).toBe(idOf(105));
    await page.close();
  });

  it('says each marker once, shows both copies of a doubled row, and leads to the write in the send log', async () => {
    const { page } = await pages.open(`/comparisons/${idOf(105)}`);
    await waitForText(page, '16 differences');
    const doubled = await page.$$('article[data-kind=doubled]');
    expect(doubled).toHaveLength(2);
    expect(await doubled[0]!.$$eval('pre', (rows) => rows.length)).toBe(3);
    const first = await textOf(page, 'article[data-kind=missing]');
    const marker = /~[0-9a-z]{10}/.exec(first)![0];
    // Once as its name and once in the row itself.
    expect([first.split(marker).length - 1, first.split('fill 36').length - 1]).toEqual([2, 1]);

    await doubled[0]!.$eval('header a', (link) => (link as HTMLElement).click());
    await page.waitForSelector('[data-sought]');
    const sought = new URL(page.url()).searchParams.get('write')!;
    expect(await textOf(page, '[data-sought]')).toContain(sought);
    const rows = await page.$$eval('[role=row][data-outcome]', (found) => found.length);
    expect(rows).toBe(200); // two pages: it was not among the newest hundred
    await page.waitForFunction(() => {
      const { top, bottom } = document.querySelector('[data-sought]')!.getBoundingClientRect();
      return top > 0 && bottom < window.innerHeight;
    });
    await page.setViewport({ width: 390, height: 844 });
    const tallest = await page.$$eval('[role=row][data-outcome]', (all) => Math.max(...all.map((row) => row.clientHeight))); // prettier-ignore
    expect(tallest).toBeLessThan(150); // a reason in a sentence of its own must not squeeze the rest
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

  it('declare that the cutover of an app begins, and find its windows on its page', async () => {
    const { page } = await pages.open('/staff');
    await signIn(page, pages.fixture.lab.password);
    await waitForText(page, 'Zero downtime');
    await page.select('section[aria-labelledby=window-title] select', idOf(5));
    await press(page, 'Cutover begins now');
    await waitForText(page, 'Kirill Antonov is watched for 1 min.');
    await page.locator('::-p-text(Its windows)').click();
    await waitForText(page, 'Down for reads for 3,004 ms');
    await page.locator('::-p-text(300 of 300 reads answered)').click();
    await page.waitForFunction(() => /[?&]window=/.test(location.search));
    await waitForText(page, 'Proven', 'article');
    await page.close();
    pages.fixture.lab.isSignedIn = false;
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
