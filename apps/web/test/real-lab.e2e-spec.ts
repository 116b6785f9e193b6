import type { Page } from 'puppeteer-core';
import { buildPages } from './built-pages.js';
import { breaches, picture, press, signIn, waitForText } from './open-pages.js';
import { openBrowser, type OpenBrowser } from '#libs/local/src/test-browser.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { Lab } from '#libs/testing/src/lab.js';

// Goal: a newcomer's whole way works on the real services, not only on the fixture: submit, watch, sign in, compare, see the
// lost rows, open the trace. Method: one browser, one lab, the pages as they are shipped; no call to the API by the test itself.
const password = 'a password for tests';

describe('the pages on a real lab', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let chrome: OpenBrowser;
  let page: Page;
  let url: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    const webRoot = await buildPages();
    lab = await Lab.start({
      env: {
        ...{ ADMIN_USERNAME: 'teacher', ADMIN_PASSWORD: password, PORT: '0', WEB_ROOT: webRoot, FILL_DRIVER: 'http' },
        ...{ FILL_INTERVAL_SECONDS: '86400', COMPARE_INTERVAL_SECONDS: '86400' },
      },
    });
    apps = await ClassOfApps.start(lab, {
      Faithful: [],
      Lossy: [{ name: 'drop-acknowledged', everyNth: 1, kinds: ['entry'] }],
      Gone: [{ name: 'down' }],
    });
    url = await lab.hosted.get('gateway')!.getUrl();
    chrome = await openBrowser();
    page = await chrome.browser.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
    });
  });
  afterAll(async () => {
    await chrome?.close();
    await apps?.stop();
    await lab?.stop();
  });

  const open = (path: string) => page.goto(url + path, { waitUntil: 'load' });
  const linkInRow = (app: string, start: string): Promise<string> =>
    page.$$eval(
      '[data-row]',
      (rows, name, prefix) =>
        rows
          .find((row) => row.textContent.includes(name))!
          .querySelector(`a[href^="${prefix}"]`)!
          .getAttribute('href')!,
      app,
      start,
    );

  const linkOf = (of: Page, selector: string) => of.$eval(selector, (link) => link.getAttribute('href'));

  it('say on an empty board what to do', async () => {
    await open('/leaderboard');
    await waitForText(page, 'No app takes part yet');
    await picture(page, 'real-empty');
  });

  it('take apps in and show them filled and judged, live, without a reload', async () => {
    for (const app of apps.students.values()) {
      await open('/');
      await page.locator('[name=name]').fill(app.name);
      await page.locator('[name=url]').fill(app.url);
      await press(page, 'Submit');
      await waitForText(page, `${app.name} takes part`);
    }
    await page.locator('a::-p-text(Watch it on the board)').click();
    await page.waitForFunction(
      () => {
        const board = document.querySelector('[role=table]')?.textContent ?? '';
        return board.includes('In sync') && board.includes('Out of sync') && board.includes('Unreachable');
      },
      { timeout: 60_000 },
    );
    await picture(page, 'real-board');
    expect(await breaches(page)).toEqual([]);
  });

  it('let staff sign in and compare everything, with progress', async () => {
    await open('/staff');
    await signIn(page, password);
    await waitForText(page, 'Compare all');
    await press(page, 'Compare all');
    await page.waitForFunction(() => /Compared (\d+)\/\1/.test(document.body.innerText), { timeout: 60_000 });
    await picture(page, 'real-compared');
    await press(page, 'Operations');
    await waitForText(page, 'all applied');
  });

  it('name the rows that the lossy app acknowledged and lost', async () => {
    await open('/leaderboard');
    await page.waitForSelector('[data-row]');
    await open(await linkInRow('Lossy', '/comparisons/'));
    await waitForText(page, /acknowledged, then lost/);
    await page.keyboard.press('j');
    await picture(page, 'real-lossy');
    await waitForText(page, /~[0-9a-z]{10}/);
  });

  it('show the trace behind a verdict: gateway, comparator, both sides, board', async () => {
    await open('/leaderboard');
    await page.waitForSelector('[data-row]');
    const comparison = await linkInRow('Lossy', '/comparisons/');
    await open(await linkInRow('Lossy', '/traces/'));
    await waitForText(page, /\d+ spans/);
    for (const service of ['gateway', 'comparator', 'leaderboard']) await waitForText(page, service);
    for (const read of ['GET baseline /api/moods/all', 'GET Lossy /api/moods/all']) await waitForText(page, read);
    expect(await page.$eval('[data-wanted]', (line) => line.textContent)).toContain('work comparison Lossy');
    expect(await linkOf(page, 'main a[href^="/comparisons/"]')).toBe(comparison);
    await picture(page, 'real-trace');
  });

  it('make no complaint in the console', () => {
    expect(complaints).toEqual([]);
  });
});
