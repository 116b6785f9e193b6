import { idOf, traceOf } from '../dev/fixture-apps.js';
import {
  breaches,
  openPages,
  picture,
  press,
  sidewaysPx,
  signIn,
  textOf,
  waitForText,
  type OpenedPage,
  type Pages,
  type View,
} from './open-pages.js';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());

const views: View[] = [1280, 390].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
]);

interface Shown {
  readonly name: string;
  readonly path: string;
  /** What is there when the page has everything. */
  readonly says: string | RegExp;
  readonly isEmpty?: boolean;
  readonly act?: (opened: OpenedPage) => Promise<void>;
}

const comparison = `/comparisons/${idOf(105)}`;
const shownPages: Shown[] = [
  { name: 'submit', path: '/', says: 'Every 2 min we write' },
  { name: 'board', path: '/leaderboard', says: 'Kirill Antonov' },
  { name: 'board-empty', path: '/leaderboard', says: 'No app takes part yet', isEmpty: true },
  { name: 'board-kiosk', path: '/leaderboard?kiosk=1', says: 'Kirill Antonov' },
  {
    name: 'board-log',
    path: '/leaderboard',
    says: 'Kirill Antonov',
    act: async ({ page }) => {
      await press(page, 'Fill log');
      await waitForText(page, '10 lines');
    },
  },
  { name: 'comparison', path: comparison, says: '16 differences' },
  {
    name: 'comparison-row',
    path: `/comparisons/${idOf(104)}`,
    says: 'The note of this mood reads differently.',
    act: async ({ page }) => {
      await page.keyboard.press('j');
      await page.waitForSelector('article[aria-current]');
    },
  },
  {
    name: 'comparison-keys',
    path: comparison,
    says: '16 differences',
    act: async ({ page }) => {
      await page.keyboard.press('?');
      await waitForText(page, 'Single keys act on this page');
      await page.waitForFunction(() => {
        const dialog = document.querySelector('[role="dialog"]');
        return dialog && dialog.getAnimations().length === 0 && getComputedStyle(dialog).opacity === '1';
      });
    },
  },
  { name: 'comparison-down', path: `/comparisons/${idOf(106)}`, says: 'The app answered 503.' },
  { name: 'app', path: `/apps/${idOf(5)}`, says: 'Of 140 writes your app acknowledged 128' },
  { name: 'app-hostile', path: `/apps/${idOf(7)}`, says: 'Of 140 writes' },
  { name: 'comparison-hostile', path: `/comparisons/${idOf(107)}`, says: 'Not compared: 2 rules' },
  { name: 'sign-in', path: '/staff', says: 'Password' },
  { name: 'traces', path: '/traces', says: 'timer comparison' },
  { name: 'trace', path: `/traces/${traceOf(1)}`, says: 'judge bodies' },
  {
    name: 'trace-span',
    path: `/traces/${traceOf(4)}`,
    says: '1 failed',
    act: async ({ page }) => {
      await page.click('[data-span]:nth-of-type(3)');
      await waitForText(page, 'after the trace');
    },
  },
  { name: 'trace-long', path: `/traces/${traceOf(2)}`, says: '321 spans' },
  { name: 'no-page', path: '/nothing/here', says: 'There is no page at this address' },
];

async function check(name: string, view: View, { page, complaints }: OpenedPage): Promise<void> {
  await picture(page, `${name}-${view.width}-${view.scheme}`);
  expect(await breaches(page)).toEqual([]);
  expect(await sidewaysPx(page)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.$$eval('a[href^="javascript:" i]', (links) => links.length)).toBe(0);
}

describe.each(views)('at $width px, $scheme', (view) => {
  it.each(shownPages)('$name is whole, accessible and never wider than the screen', async (shown) => {
    const opened = await pages.open(shown.path, view, shown.isEmpty ? pages.empty : pages.fixture);
    await waitForText(opened.page, shown.says);
    await shown.act?.(opened);
    await check(shown.name, view, opened);
    await opened.page.close();
  });

  it.each(['lab', 'operations'])('the staff console, %s, is so too', async (section) => {
    const opened = await pages.open(`/staff?section=${section}`, view);
    await signIn(opened.page, pages.fixture.lab.password);
    await waitForText(opened.page, section === 'lab' ? 'Compare all 8' : 'ParityComputed');
    if (section === 'operations') await waitForText(opened.page, 'all applied');
    await check(`staff-${section}`, view, opened);
    pages.fixture.lab.isSignedIn = false;
    await opened.page.close();
  });
});

describe('every page', () => {
  it('has one heading of the first level and a title of its own', async () => {
    const titles = new Set<string>();
    for (const { path, says } of shownPages.filter(({ act, isEmpty }) => !act && !isEmpty)) {
      const { page } = await pages.open(path);
      await waitForText(page, says);
      expect(await page.$$eval('h1', (headings) => headings.length)).toBe(1);
      titles.add(await page.title());
      await page.close();
    }
    expect(titles.size).toBeGreaterThanOrEqual(8);
  });

  it('says what is wrong, whose side it is and what to do', async () => {
    const lost = await pages.open(`/comparisons/${idOf(999)}`);
    await waitForText(lost.page, 'There is no comparison with this id.');
    expect(await textOf(lost.page, '[role=alert]')).toMatch(/On your side.*trace/);
    await lost.page.close();
  });
});

it('the first load is at most 200 kB of compressed scripts', async () => {
  const { gzipSync } = await import('node:zlib');
  for (const path of ['/', '/leaderboard']) {
    const { page } = await pages.open('/nothing');
    const scripts = new Map<string, number>();
    page.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      void response.buffer().then((body) => scripts.set(response.url(), gzipSync(body).length));
    });
    await page.goto(pages.fixture.url + path, { waitUntil: 'networkidle2' });
    const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
    expect(scripts.size).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(200_000);
    await page.close();
  }
});
