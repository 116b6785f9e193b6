import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'puppeteer-core';
import { buildPages } from './built-pages.js';
import { startFixture, type Fixture, type FixtureOptions } from '../dev/fixture.js';
import { openBrowser } from '#libs/local/src/test-browser.js';

const pictures = resolve('dist/e2e/web');

export interface View {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  readonly isStill?: boolean;
  /** A finger instead of a mouse. */
  readonly isTouch?: boolean;
}

export interface OpenedPage {
  readonly page: Page;
  /** What the browser complained about: errors and warnings of the console, and exceptions. */
  readonly complaints: string[];
}

export interface Pages {
  readonly fixture: Fixture;
  readonly empty: Fixture;
  open(path: string, view?: Partial<View>, of?: Fixture): Promise<OpenedPage>;
  /** One more fixture, closed with the others. */
  start(options: Omit<FixtureOptions, 'webRoot'>): Promise<Fixture>;
  close(): Promise<void>;
}

/** The pages as they are shipped, in a real browser, over the fixture. */
export async function openPages(): Promise<Pages> {
  const webRoot = await buildPages();
  const [fixture, empty] = await Promise.all([startFixture({ webRoot }), startFixture({ webRoot, isEmpty: true })]);
  const chrome = await openBrowser();
  const open: Pages['open'] = async (path, view = {}, of = fixture) => {
    const context = await chrome.browser.createBrowserContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const { width = 1280, scheme = 'light', isStill = false, isTouch = false } = view;
    await page.setViewport({ width, height: width < 500 ? 844 : 800, hasTouch: isTouch });
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: isStill ? 'reduce' : 'no-preference' },
    ]);
    await page.goto(of.url + path, { waitUntil: 'load' });
    return { page, complaints };
  };
  const started = [fixture, empty];
  const start: Pages['start'] = async (options) => {
    const more = await startFixture({ webRoot, ...options });
    started.push(more);
    return more;
  };
  const close = async () => {
    await chrome.close();
    await Promise.all(started.map((one) => one.close()));
  };
  return { fixture, empty, open, start, close };
}

/** As when the system goes over to the other scheme; without motion, so that no colour is on its way when it is looked at. */
export async function changeScheme(page: Page, scheme: NonNullable<View['scheme']>): Promise<void> {
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.waitForSelector(`html[data-mantine-color-scheme=${scheme}]`);
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Breaches of WCAG 2.2 AA that axe finds, each with the elements; `colours`: of contrast alone. */
export async function breaches(page: Page, of: 'all' | 'colours' = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const runOnly = of === 'all' ? standards : ['color-contrast'];
  return (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(runOnly)} }).then((result) => result.violations.flatMap((violation) =>
       violation.nodes.map((node) => violation.id + ' ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? ''))))`,
  )) as string[];
}

export const sidewaysPx = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** For people: with PICTURES=1 pictures of the pages that the tests look at are kept in dist/e2e/web. */
export const arePicturesKept = Boolean(process.env['PICTURES']);
export async function picture(page: Page, name: string): Promise<void> {
  if (!arePicturesKept) return;
  mkdirSync(pictures, { recursive: true });
  writeFileSync(`${pictures}/${name}.png`, await page.screenshot({ type: 'png' }));
}

export const textOf = (page: Page, selector = 'main'): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText.replace(/\s+/g, ' '));

/** Waits until the text of the page, or of an element, says it. */
export async function waitForText(page: Page, words: string | RegExp, selector = 'body'): Promise<void> {
  const { source, flags } =
    words instanceof RegExp ? words : { source: words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), flags: '' };
  await page.waitForFunction(
    (one, pattern, how) =>
      new RegExp(pattern, how).test(
        ((document.querySelector(one) as HTMLElement | null)?.innerText ?? '').replace(/\s+/g, ' '),
      ),
    { timeout: 10_000 },
    selector,
    source,
    flags,
  );
}

/** Presses the button with this text, once it stands still: what loads above it would move it away from under the click. */
export const press = (page: Page, text: string): Promise<void> =>
  page.locator(`::-p-xpath(//button[contains(normalize-space(.), "${text}")])`).click();

export async function signIn(page: Page, password: string): Promise<void> {
  await page.waitForSelector('input[autocomplete=username]');
  await page.locator('input[autocomplete=username]').fill('teacher');
  await page.locator('input[autocomplete=current-password]').fill(password);
  await press(page, 'Sign in');
}

/** Puts text into a field of a form. */
export const type = (page: Page, name: string, text: string) => page.locator(`[name=${name}]`).fill(text);
export const valueOf = (page: Page, name: string) =>
  page.$eval(`[name=${name}]`, (input) => (input as HTMLInputElement).value);
/** What is said at a field. */
export const errorOf = (page: Page, name: string) =>
  page.$eval(`[name=${name}]`, (input) => {
    const ids = input.getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
  });
