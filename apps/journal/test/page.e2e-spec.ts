import { mkdirSync, writeFileSync } from 'node:fs';
import axe from 'axe-core';
import type { HTTPRequest, Page } from 'puppeteer-core';
import { openBrowser, type OpenBrowser } from '#libs/local/src/test-browser.js';
import { bootstrap, type Journal } from '../src/bootstrap.js';
import { startLab, type JournalLab } from './journal-lab.js';

let lab: JournalLab;
let chromium: OpenBrowser;
let journal: Journal;
beforeAll(async () => {
  [lab, chromium] = await Promise.all([startLab(), openBrowser()]);
  journal = await bootstrap({ databaseUrl: await lab.database(), port: 0, title: 'Journal <one>', logLevel: 'silent' });
});
afterAll(async () => {
  await chromium?.close();
  await journal?.close();
  await lab?.stop();
});

interface Visit {
  page: Page;
  /** Method, path and body of every request to the API since the visit began. */
  asked: string[];
  /** Errors that scripts threw and what the content policy refused. */
  errors: string[];
}
const visits: Visit[] = [];
afterEach(async () => {
  for (const { page } of visits.splice(0)) await page.close();
});

async function visit(path = '/', width = 1280): Promise<Visit> {
  const page = await chromium.browser.newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (line) => /Content.Security.Policy/i.test(line.text()) && errors.push(line.text()));
  page.on('request', (request: HTTPRequest) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith('/api/'))
      asked.push(`${request.method()} ${pathname}${search} ${request.postData() ?? ''}`.trim());
  });
  await page.setViewport({ width, height: 900 });
  await page.goto(journal.url + path);
  const found = { page, asked, errors };
  visits.push(found);
  return found;
}
const mounted = async (width?: number) => {
  const found = await visit('/', width);
  await found.page.waitForSelector('form');
  await found.page.waitForSelector('#legacy-value-input:enabled');
  return found;
};
const post = (page: Page, path: string) =>
  page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.url() === journal.url + path);
const valueOf = (page: Page, selector: string) =>
  page.$eval(selector, (node) => (node as unknown as { value: string }).value);
const textOf = (page: Page, selector: string) => page.$eval(selector, (node) => node.textContent ?? '');
const disabled = (page: Page, n: number) =>
  page.$$eval('form button', (buttons, at) => (buttons[at] as unknown as { disabled: boolean }).disabled, n);
const status = (page: Page, card: string) => textOf(page, `section[aria-label="${card}"] [role=status]`);

describe('the page', () => {
  it('mounts its forms only after it has loaded', async () => {
    const { page } = await visit();
    expect(await page.$$('form')).toEqual([]);
    await page.waitForSelector('form');
    expect((await page.$$('form')).length).toBe(4);
  });

  it('has the structure that fillers know, traps included', async () => {
    const { page, asked, errors } = await mounted();
    expect(await page.title()).toBe('Journal <one>');
    const structure = await page.evaluate(`(() => {
      const all = (selector, root = document) => [...root.querySelectorAll(selector)];
      return {
        cards: all('.mc .mc-grid > .mc-card').length,
        headings: all('.mc-card .mc-title').map((h) => h.textContent),
        controls: all('form').map((form) => all('input, select, textarea, button', form).map((c) =>
          [c.localName, c.id, c.getAttribute('type'), c.getAttribute('placeholder')].filter(Boolean).join(' '))),
        rows: all('form .input-row').length,
        buttons: all('form button').map((b) => b.textContent),
        outside: all('button').filter((b) => !b.form).map((b) => b.textContent),
        hints: all('form input, form select, form textarea').flatMap((c) =>
          ['name', 'required', 'maxlength', 'min', 'max', 'step', 'pattern'].filter((a) => c.hasAttribute(a))),
        addressed: all('form').filter((f) => f.id || f.hasAttribute('action')).length,
        limits: all('select[aria-label="Limit entries"] option').map((o) => o.value + (o.selected ? '*' : '')),
        moods: all('#mood-select option').map((o) => o.value),
        labels: all('form label').map((l) => l.htmlFor),
        frame: ['#root', '.mc', '.navbar', '.site-footer'].every((s) => document.querySelector(s)),
      };
    })()`);
    expect(structure).toEqual({
      cards: 6,
      headings: [
        'Gratitude Journal',
        'Mood Tracker',
        'Weekly Insights',
        'AI Mentor',
        'File Library',
        'Server Diagnostics',
      ],
      controls: [
        ['input entry-input e.g., Morning coffee, a kind message, sunny walk', 'button', 'input Search entries'],
        ['select mood-select', 'button', 'textarea Optional note'],
        ['input file-input file', 'button'],
        ['input legacy-value-input number Enter any whole number', 'button'],
      ],
      rows: 4,
      buttons: ['Submit', 'Log mood', 'Upload', 'Send'],
      outside: ['Add a gratitude note', 'Refresh', 'Refresh', 'Refresh insights', 'New prompt', 'Refresh', 'Refresh'],
      hints: [],
      addressed: 0,
      limits: ['10', '25*', '50', '100'],
      moods: ['grateful', 'happy', 'calm', 'focused', 'stressed', 'tired', 'energized'],
      labels: ['entry-input', 'mood-select', 'file-input', 'legacy-value-input'],
      frame: true,
    });
    expect(asked.toSorted()).toEqual([
      'GET /api/files/list?limit=50',
      'GET /api/journal/entries/all?limit=25',
      'GET /api/moods/all?limit=20',
      'GET /api/server/values/all',
      'GET /api/stats/overview',
    ]);
    expect(errors).toEqual([]);
  });

  it('posts an entry, a mood and a value as text, resets each form, and shows the rows', async () => {
    const { page, asked, errors } = await mounted();
    await page.type('#entry-input', '<b>walk</b> & rain');
    await Promise.all([post(page, '/api/journal/entries'), page.click('form:has(#entry-input) button')]);
    await page.waitForSelector('::-p-text(<b>walk</b> & rain)');
    expect([await valueOf(page, '#entry-input'), await disabled(page, 0)]).toEqual(['', true]);
    expect(await page.$$('.mc-values b')).toEqual([]);

    await page.select('#mood-select', 'calm');
    await page.type('form textarea', 'two\nlines');
    await Promise.all([post(page, '/api/moods'), page.click('form:has(#mood-select) button')]);
    await page.waitForSelector('.entry [data-mood=calm]');
    expect([await valueOf(page, '#mood-select'), await valueOf(page, 'form textarea')]).toEqual(['grateful', '']);

    await page.type('#legacy-value-input', '007');
    await Promise.all([post(page, '/api/server/values'), page.click('form:has(#legacy-value-input) button')]);
    await page.waitForSelector('.numbers .chip');
    expect([await textOf(page, '.numbers .chip'), await valueOf(page, '#legacy-value-input')]).toEqual(['7', '']);

    await page.waitForSelector('.mentor-words ::-p-text(No mentor is connected)');
    expect(asked.filter((line) => line.startsWith('POST') && !line.includes('/api/ai/'))).toEqual([
      'POST /api/journal/entries {"text":"<b>walk</b> & rain"}',
      'POST /api/moods {"mood":"calm","note":"two\\nlines"}',
      'POST /api/server/values {"value":"007"}',
    ]);
    expect(asked.some((line) => line.startsWith('POST /api/ai/insights'))).toBe(true);
    expect(asked.some((line) => line.startsWith('POST /api/ai/prompt'))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('cuts an entry at 200 and a note at 240 characters, and keeps the button closed while an entry is blank', async () => {
    const { page } = await mounted();
    const fill = (selector: string, text: string) =>
      page.$eval(selector, (node, words) => {
        (node as unknown as { value: string }).value = words;
        node.dispatchEvent(new globalThis.Event('input', { bubbles: true }));
      }, text); // prettier-ignore
    await fill('#entry-input', '   ');
    expect(await disabled(page, 0)).toBe(true);
    await fill('#entry-input', 'y'.repeat(205));
    await fill('form textarea', 'z'.repeat(250));
    expect([(await valueOf(page, '#entry-input')).length, (await valueOf(page, 'form textarea')).length]).toEqual([
      200, 240,
    ]);
    expect(await disabled(page, 0)).toBe(false);
  });

  it('filters by the search box, in which Enter submits the entry form', async () => {
    const { page } = await mounted();
    await page.type('[aria-label="Search entries"]', 'zzzz');
    await page.waitForSelector('::-p-text(No entries match your search.)');
    await page.type('#entry-input', 'sent from the search box');
    const [answer] = await Promise.all([
      post(page, '/api/journal/entries'),
      page.type('[aria-label="Search entries"]', '\n'),
    ]);
    expect(answer.status()).toBe(200);
  });

  it.each([
    ['1.5', 'Only whole numbers are supported.', '1.5'],
    ['1e3', 'Only whole numbers are supported.', '1e3'],
    [
      '99999999999',
      'Could not save the number. Value must be a whole number between -2147483648 and 2147483647.',
      '99999999999',
    ],
  ])('says why the number %s was not taken, and keeps it', async (typed, words, kept) => {
    const { page } = await mounted();
    await page.type('#legacy-value-input', typed);
    await page.click('form:has(#legacy-value-input) button');
    await page.waitForSelector(`[aria-label="Server Diagnostics"] [role=status]:not(:empty)`);
    expect([await status(page, 'Server Diagnostics'), await valueOf(page, '#legacy-value-input')]).toEqual([
      words,
      kept,
    ]);
  });

  it.each([
    ['-7', '-7'],
    ['0', '0'],
    ['+5', '5'],
  ])('takes the number %s and sends it as the text %s', async (typed, sent) => {
    const { page } = await mounted();
    await page.type('#legacy-value-input', typed);
    const [answer] = await Promise.all([
      post(page, '/api/server/values'),
      page.click('form:has(#legacy-value-input) button'),
    ]);
    expect([answer.status(), answer.request().postData()]).toEqual([200, JSON.stringify({ value: sent })]);
  });

  it('opens Upload once a file is chosen, and says that it failed', async () => {
    const { page } = await mounted();
    expect(await disabled(page, 2)).toBe(true);
    await page.evaluate(`{
      const chosen = new DataTransfer();
      chosen.items.add(new File(['hello'], 'hello.txt'));
      const input = document.querySelector('#file-input');
      input.files = chosen.files;
      input.dispatchEvent(new Event('change'));
    }`);
    await page.click('form:has(#file-input) button');
    await page.waitForSelector('::-p-text(Could not upload file. Please retry.)');
  });

  it('keeps what was typed when the journal fails, and says so', async () => {
    const { page } = await mounted();
    await lab.postgres.kill('SIGINT');
    try {
      await page.type('#entry-input', 'not lost');
      await Promise.all([post(page, '/api/journal/entries'), page.click('form:has(#entry-input) button')]);
      await page.waitForSelector('::-p-text(Could not save the entry.)');
      expect([await valueOf(page, '#entry-input'), await disabled(page, 0)]).toEqual(['not lost', false]);
    } finally {
      await lab.postgres.restart();
    }
    await Promise.all([post(page, '/api/journal/entries'), page.click('form:has(#entry-input) button')]);
    await page.waitForSelector('.entry ::-p-text(not lost)');
    expect(await status(page, 'Gratitude Journal')).toBe('');
  });

  it.each([
    ['/api/journal/entries', '#entry-input', 'first', 'the next thing'],
    ['/api/moods', 'form textarea', 'a note', 'a note about another mood'],
  ])('keeps what is typed while %s is being answered', async (path, field, first, next) => {
    const { page } = await mounted();
    const held: HTTPRequest[] = [];
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const isSaving = request.method() === 'POST' && new URL(request.url()).pathname === path;
      if (isSaving) held.push(request);
      else void request.continue();
    });
    const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith(path));
    await page.type(field, first);
    await page.click(`form:has(${field.replace('form ', '')}) button`);
    await asked;
    await page.$eval(field, (node) => ((node as unknown as { value: string }).value = ''));
    await page.type(field, next);
    await Promise.all([post(page, path), held[0]!.continue()]);
    await page.waitForSelector(`.entry ::-p-text(${first})`);
    expect(await valueOf(page, field)).toBe(next);
  });

  it('has a page without forms', async () => {
    const { page } = await visit('/about');
    await page.waitForSelector('::-p-text(About this journal)');
    expect(await page.$$('form')).toEqual([]);
  });
});

describe('the look', () => {
  beforeAll(async () => {
    const add = (path: string, body: object) =>
      fetch(journal.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const entries = [
      'A short walk outside helped clear my head today.',
      'Mara brought soup, unasked.',
      'The first quiet morning in a week',
      'An old song on the radio, all of it',
    ];
    for (const text of entries) await add('/api/journal/entries', { text });
    for (const [mood, note] of [['grateful', 'Soup.'], ['tired', ''], ['focused', 'Two hours without looking up, and the plan is done at last'], ['calm', ''], ['calm', 'Rain on the roof'], ['energized', ''], ['happy', 'Old song'], ['stressed', '']]) await add('/api/moods', { mood, note }); // prettier-ignore
    for (const value of [63, 7, 42, 100, -3, 2_147_483_647]) await add('/api/server/values', { value });
  });

  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ])('at %i px, %s: nothing runs over the side, and nobody is locked out', async (width, scheme) => {
    const { page } = await visit('/', width);
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await page.waitForSelector('.sparkline');
    await page.waitForSelector('.mentor-words ::-p-text(No mentor is connected)');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    mkdirSync('dist/e2e', { recursive: true });
    writeFileSync(`dist/e2e/journal-${width}-${scheme}.png`, await page.screenshot({ fullPage: true }));
    await page.evaluate(axe.source);
    const violations = await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target).join(' ')))`,
    );
    expect(violations).toEqual([]);
  });
});
