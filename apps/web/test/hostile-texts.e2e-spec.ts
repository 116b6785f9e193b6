// Goal: nothing that a student or an app writes is ever more than text, in any field on any page.
// Method: the pages as they are shipped, over an API whose every foreign field holds forty hostile texts, in a real browser with the
// gateway's policy: no dialog, no report of that policy, nothing run, nothing of theirs in the document but text and safe links.
import type { Page } from 'puppeteer-core';
import { idOf, traceOf } from '../dev/fixture-apps.js';
import { hostileMarkup, startPoisoned } from './hostile-texts.js';
import { openPages, press, signIn, type, waitForText, type Pages } from './open-pages.js';

let pages: Pages;
let poisoned: Awaited<ReturnType<typeof startPoisoned>>;
const dialogs: string[] = [];
beforeAll(async () => {
  pages = await openPages();
  poisoned = await startPoisoned(pages.fixture.url);
}, 60_000);
afterAll(async () => {
  poisoned?.close();
  await pages?.close();
});

interface Shown {
  readonly path: string;
  readonly says: string | RegExp;
  readonly isForStaff?: boolean;
  readonly act?: (page: Page) => Promise<unknown>;
}
const shown: readonly Shown[] = [
  { path: '/leaderboard', says: 'Kirill Antonov', act: async (page) => {
    await page.hover('[data-row] [data-cell="/api/journal/entries/all"]');
    await press(page, 'Fill log');
    await waitForText(page, '11 lines');
  } },
  { path: '/leaderboard?kiosk=1', says: 'Kirill Antonov' },
  { path: `/comparisons/${idOf(105)}`, says: '16 differences' },
  { path: `/comparisons/${idOf(105)}?endpoint=%2Fapi%2Fstats%2Foverview`, says: 'total_entries' },
  { path: `/comparisons/${idOf(104)}`, says: 'Is this its own data?', isForStaff: true, act: async (page) => {
    for (const summary of await page.$$('summary')) await summary.click();
  } },
  { path: `/comparisons/${idOf(106)}`, says: 'It answered 503' },
  { path: `/apps/${idOf(5)}`, says: 'Down for reads' },
  { path: `/apps/${idOf(7)}`, says: 'Of 528 writes', isForStaff: true },
  { path: '/staff?section=lab', says: 'Not their own data?', isForStaff: true },
  { path: '/staff?section=operations', says: 'ParityComputed', isForStaff: true },
  { path: `/traces/${traceOf(4)}`, says: '1 failed', act: (page) => page.click('[data-span]:nth-of-type(3)') },
  { path: '/', says: 'Every 120 s we write', act: async (page) => {
    await type(page, 'name', hostileMarkup[1]!);
    await type(page, 'url', 'http://10.0.0.1/"><b onclick=hacked>');
    await press(page, 'Submit');
    await waitForText(page, 'is a private address');
    await type(page, 'url', 'https://broken.example.org');
    await press(page, 'Check it first');
    await waitForText(page, 'It answered 503 instead of 200.');
    await type(page, 'url', 'https://hacked.example.org');
    await press(page, 'Submit');
    await waitForText(page, 'takes part');
  } },
]; // prettier-ignore

/** Before any script of the page: what the policy refuses is noted. */
const noteReports = `window.reports = []; addEventListener('securitypolicyviolation', (event) => window.reports.push(event.violatedDirective + ' ' + event.blockedURI));`;

/** What is in the document of a page that is neither text nor ours: markup that could run, and links that are not safe. */
const foreign = `(root) => [...root.querySelectorAll('*')].flatMap((element) => {
  const why = [];
  const names = element.getAttributeNames();
  if (names.some((name) => /^on|^srcdoc$|^formaction$|^xlink:href$/i.test(name))) why.push('attribute');
  if (/^(img|iframe|frame|object|embed|base|video|audio|source|marquee|math|template|xmp|animate)$/i.test(element.localName)) why.push('element');
  if (/^(script|link|style|meta)$/i.test(element.localName) && element.closest('body') && !element.dataset.mantineStyles) why.push('element');
  if (element.localName === 'noscript' && element.parentElement !== document.body) why.push('element');
  if (element.localName === 'form' && element.hasAttribute('action')) why.push('action');
  if (element.localName === 'a' && element.hasAttribute('href')) {
    const isOurs = element.origin === location.origin;
    if (!/^https?:$/.test(element.protocol)) why.push('scheme');
    else if (!isOurs && !['noopener', 'noreferrer', 'nofollow'].every((word) => element.relList.contains(word))) why.push('rel');
  }
  return why.map((one) => one + ': ' + element.outerHTML.slice(0, 200));
})`;

async function stateOf(page: Page) {
  return (await page.evaluate(
    `({ reports: window.reports, hacked: window.hacked, foreign: (${foreign})(document), texts: document.body.textContent.split('hacked').length - 1 })`,
  )) as { reports: string[]; hacked?: number; foreign: string[]; texts: number };
}

it('forty texts are tried, and each is dangerous where it is taken for markup', async () => {
  expect(hostileMarkup.length).toBeGreaterThanOrEqual(40);
  const { page } = await pages.open('/leaderboard');
  const harmless = (await page.evaluate(
    `${JSON.stringify(hostileMarkup)}.filter((text) => { const box = document.createElement('div'); box.innerHTML = text; document.body.append(box); const found = (${foreign})(box); box.remove(); return found.length === 0; })`,
  )) as string[];
  expect(harmless).toEqual([]);
  await page.close();
});

it.each(shown)('$path shows them as text', async ({ path, says, isForStaff = false, act }) => {
  pages.fixture.lab.isSignedIn = isForStaff && !path.startsWith('/staff');
  const { page } = await pages.open('about:blank', {}, { ...pages.fixture, url: '' });
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.evaluateOnNewDocument(noteReports);
  await page.goto(poisoned.url + path, { waitUntil: 'load' });
  if (path.startsWith('/staff')) await signIn(page, pages.fixture.lab.password);
  await waitForText(page, says);
  await act?.(page);
  const { texts, ...state } = await stateOf(page);
  expect([dialogs, state]).toEqual([[], { reports: [], foreign: [] }]);
  expect(new URL(page.url()).origin).toBe(poisoned.url);
  if (path !== '/') expect(texts).toBeGreaterThan(hostileMarkup.length);
  pages.fixture.lab.isSignedIn = false;
  await page.close();
});
