import type { Page } from 'puppeteer-core';
import { idOf, traceOf } from '../dev/fixture-apps.js';
import {
  arePicturesKept,
  breaches,
  changeScheme,
  openPages,
  picture,
  press,
  sidewaysPx,
  signIn,
  textOf,
  waitForText,
  type OpenedPage,
  type Pages,
} from './open-pages.js';

const type = (page: Page, name: string, text: string) => page.locator(`[name=${name}]`).fill(text);
let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());

const widths = [1280, 390];

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
  { name: 'submit', path: '/', says: 'Every 120 s we write' },
  ...[
    { name: 'submit-checked', url: 'https://warn.example.org', ends: '8 of 9 passed' },
    { name: 'submit-mend', url: 'https://ours-broken.example.org', ends: 'To mend: Entries, Stats.' },
    { name: 'submit-checking', url: 'https://slow.example.org', ends: 'DNS Passed' },
  ].map(({ name, url, ends }) => ({
    ...{ name, path: '/', says: 'Every 120 s we write' },
    act: async ({ page }: OpenedPage) => {
      await type(page, 'url', url);
      await press(page, 'Check it first');
      await waitForText(page, ends);
    },
  })),
  { name: 'board', path: '/leaderboard', says: 'Kirill Antonov' },
  { name: 'board-empty', path: '/leaderboard', says: 'No app takes part yet', isEmpty: true },
  { name: 'board-kiosk', path: '/leaderboard?kiosk=1', says: 'Kirill Antonov' },
  {
    name: 'board-log',
    path: '/leaderboard',
    says: 'Kirill Antonov',
    act: async ({ page }) => {
      await press(page, 'Fill log');
      await waitForText(page, '11 lines');
    },
  },
  {
    name: 'board-past',
    path: `/leaderboard?at=${new Date(Date.now() - 1_500_000).toISOString()}`,
    says: 'As it was',
    act: async ({ page }) => {
      await page.click('summary');
      await waitForText(page, 'a suite for each app');
    },
  },
  { name: 'comparison', path: comparison, says: '16 differences' },
  {
    name: 'comparison-figures',
    path: `${comparison}?endpoint=%2Fapi%2Fstats%2Foverview`,
    says: 'entries_today does not follow',
  },
  {
    name: 'comparison-second-look',
    path: `/comparisons/${idOf(199)}`,
    says: 'Something differs; looking again in 7 s before saying so.',
  },
  {
    name: 'comparison-row',
    path: `/comparisons/${idOf(104)}`,
    says: 'Comes back changed in note.',
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
  { name: 'comparison-down', path: `/comparisons/${idOf(106)}`, says: 'It answered 503 instead of 200.' },
  {
    name: 'app',
    path: `/apps/${idOf(5)}`,
    says: 'Of 528 writes the app acknowledged, 384 are visible, 14 acknowledged then lost, 2 doubled',
  },
  {
    name: 'app-lost',
    path: `/apps/${idOf(5)}?writes=acknowledged-then-missing#send-log`,
    says: 'never seen, found missing',
  },
  {
    name: 'app-window',
    path: `/apps/${idOf(5)}#windows`,
    says: 'Down for reads for 3,004 ms',
    act: ({ page }) => page.$eval('#windows', (section) => section.scrollIntoView()),
  },
  { name: 'app-hostile', path: `/apps/${idOf(7)}`, says: 'Of 528 writes' },
  { name: 'app-new', path: `/apps/${idOf(8)}`, says: 'the first comparison follows it' },
  { name: 'app-looked-at', path: `/apps/${idOf(9)}`, says: 'As last judged' },
  { name: 'app-absent', path: `/apps/${idOf(777)}`, says: 'This app does not take part' },
  { name: 'comparison-hostile', path: `/comparisons/${idOf(107)}`, says: 'not judged this time' },
  { name: 'sign-in', path: '/staff', says: 'Password' },
  { name: 'traces', path: '/traces', says: 'work compare-schedule' },
  { name: 'trace', path: `/traces/${traceOf(1)}?comparison=${idOf(105)}`, says: 'GET baseline' },
  {
    name: 'trace-span',
    path: `/traces/${traceOf(4)}`,
    says: '1 failed',
    act: async ({ page }) => {
      await page.click('[data-span]:nth-of-type(3)');
      await waitForText(page, 'after the trace');
    },
  },
  { name: 'trace-long', path: `/traces/${traceOf(2)}`, says: 'the first 321 of 5,140 spans' },
  { name: 'no-page', path: '/nothing/here', says: 'There is no page at this address' },
];

/**
 * What is shown now, in light and in dark: as when the system changes its scheme while the page is open. Colours stand in the theme alone,
 * so in dark the contrasts are looked at once, on the wide page; its layout is that of the light one.
 */
async function check(name: string, width: number, { page, complaints }: OpenedPage): Promise<void> {
  expect(await breaches(page)).toEqual([]);
  expect(await sidewaysPx(page)).toBeLessThanOrEqual(0);
  await picture(page, `${name}-${width}-light`);
  if (width === widths[0] || arePicturesKept) {
    await changeScheme(page, 'dark');
    await picture(page, `${name}-${width}-dark`);
    expect(await breaches(page, 'colours')).toEqual([]);
    await changeScheme(page, 'light');
  }
  expect(await page.$$eval('h1', (headings) => headings.length)).toBe(1);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.$$eval('a[href^="javascript:" i]', (links) => links.length)).toBe(0);
}

describe.each(widths)('at %d px, light and dark', (width) => {
  it.each(shownPages)('$name is whole, accessible and never wider than the screen', async (shown) => {
    const opened = await pages.open(shown.path, { width }, shown.isEmpty ? pages.empty : pages.fixture);
    await waitForText(opened.page, shown.says);
    await shown.act?.(opened);
    await check(shown.name, width, opened);
    await opened.page.close();
  });

  it('what points to a cheater is so too, for staff, and for nobody else', async () => {
    const path = `/comparisons/${idOf(104)}`;
    const visitor = await pages.open(path, { width });
    await waitForText(visitor.page, '2 differences');
    expect(await textOf(visitor.page)).not.toContain('Is this its own data?');
    await visitor.page.close();
    const opened = await pages.open('/staff', { width });
    await signIn(opened.page, pages.fixture.lab.password);
    await waitForText(opened.page, 'Not their own data?');
    await opened.page.click('[aria-labelledby=suspects-title] a');
    await waitForText(opened.page, 'Is this its own data?');
    for (const summary of await opened.page.$$('[aria-labelledby=suspicions-title] summary')) await summary.click();
    await waitForText(opened.page, 'bread that was still warm');
    await check('comparison-for-staff', width, opened);
    pages.fixture.lab.isSignedIn = false;
    await opened.page.close();
  });

  it.each(['lab', 'operations'])('the staff console, %s, is so too', async (section) => {
    const opened = await pages.open(`/staff?section=${section}`, { width });
    await signIn(opened.page, pages.fixture.lab.password);
    await waitForText(opened.page, section === 'lab' ? 'Not their own data?' : 'ParityComputed');
    if (section === 'operations') await waitForText(opened.page, 'all applied');
    await check(`staff-${section}`, width, opened);
    pages.fixture.lab.isSignedIn = false;
    await opened.page.close();
  });
});

describe.each(widths)('while the scoreboard is frozen, at %d px', (width) => {
  it.each([
    { name: 'board', path: '/leaderboard', says: 'results after that are hidden' },
    { name: 'app', path: `/apps/${idOf(5)}`, says: 'Hidden while the scoreboard is frozen' },
    { name: 'comparison', path: comparison, says: 'results after that are hidden' },
    { name: 'staff', path: '/staff', says: 'You are seeing live data' },
  ])('$name is whole, accessible and never wider than the screen', async ({ name, path, says }) => {
    const fixture = await pages.start({});
    fixture.board.freeze();
    const opened = await pages.open(path, { width }, fixture);
    if (name === 'staff') await signIn(opened.page, fixture.lab.password);
    await waitForText(opened.page, says);
    opened.complaints.splice(0, name === 'app' ? 9 : 0); // the send log is refused, and the browser tells of every refusal
    await check(`frozen-${name}`, width, opened);
  });
});

describe.each(widths)('the rules at %d px', (width) => {
  it('are whole, accessible and never wider than the screen, also while they are written', async () => {
    const opened = await pages.open('/staff/rules', { width });
    await signIn(opened.page, pages.fixture.lab.password);
    await waitForText(opened.page, 'differed in 148 of 148');
    await check('rules', width, opened);
    await press(opened.page, 'Change the rules');
    await opened.page.locator('button[aria-label="Remove own id"]').click();
    await waitForText(opened.page, 'apps would move on the board');
    await check('rules-draft', width, opened);
    await press(opened.page, 'Add a rule');
    await opened.page.waitForSelector('[name=path]');
    await opened.page.waitForFunction(() => {
      const dialog = document.querySelector('[role="dialog"]');
      return dialog && dialog.getAnimations().length === 0 && getComputedStyle(dialog).opacity === '1';
    });
    await check('rules-form', width, opened);
    pages.fixture.lab.isSignedIn = false;
    await opened.page.close();
  });
});

describe.each(widths)('verdicts that staff look after, at %d px', (width) => {
  it('are overruled with a reason, which everybody reads on the board and with the comparison, and taken back', async () => {
    const fixture = await pages.start({});
    fixture.lab.isSignedIn = true;
    const opened = await pages.open(comparison, { width }, fixture);
    const { page } = opened;
    await press(page, 'Overrule');
    await page.waitForSelector('[name=override-reason]');
    await page.locator('form button[type=submit]').click();
    await waitForText(page, 'Choose one.');
    await waitForText(page, 'Say why, in a sentence.');
    await check('override-form', width, opened);
    await press(page, 'In sync');
    await type(page, 'override-reason', 'The proxy of the lab dropped its answers.');
    await page.locator('form button[type=submit]').click();
    await waitForText(page, 'Overruled by teacher');
    await waitForText(page, 'In sync, as staff decided.', 'h1');
    await check('comparison-overruled', width, opened);
    fixture.lab.isSignedIn = false;
    await page.goto(`${fixture.url}${comparison}`);
    await waitForText(page, /The comparison itself said Out of sync: 14 rows/);
    expect(await textOf(page)).not.toContain('Only staff see this');
    await page.goto(`${fixture.url}/leaderboard`);
    await waitForText(page, 'In sync staff', `[data-row="${idOf(5)}"]`);
    await check('board-overruled', width, opened);
    await page.goto(`${fixture.url}/apps/${idOf(5)}`);
    await waitForText(page, 'The proxy of the lab dropped its answers. The comparison itself said');
    await check('app-overruled', width, opened);
    fixture.lab.isSignedIn = true;
    await page.goto(`${fixture.url}${comparison}`);
    await press(page, 'Take it back');
    await type(page, 'override-reason', 'It was the app.');
    await page.locator('form button[type=submit]').click();
    await waitForText(page, 'Taken back: the comparison speaks for itself again.');
    await waitForText(page, 'taken back. It was the app.');
    expect(await textOf(page, 'h1')).toContain('14 rows');
    expect(fixture.board.row(idOf(5))).toMatchObject({ verdict: 'out-of-sync' });
    await page.close();
  });

  it('are listed where they are unknown, with whose side, and compared again by one press', async () => {
    const fixture = await pages.start({});
    const opened = await pages.open('/staff', { width }, fixture);
    const { page } = opened;
    await signIn(page, fixture.lab.password);
    await page.locator('a::-p-text(Unknown verdicts)').click();
    await waitForText(page, 'the baseline');
    await check('unknown', width, opened);
    await press(page, 'Compare 1 app again');
    await waitForText(page, 'Compared 1/1');
    await page.close();
  });

  it('are held back until staff publish them, and staff see before whose would change', async () => {
    const fixture = await pages.start({});
    const opened = await pages.open('/staff', { width }, fixture);
    const { page } = opened;
    await signIn(page, fixture.lab.password);
    await page.locator('label::-p-text(Hold it back)').click();
    await press(page, 'Compare all');
    await waitForText(page, '2 apps would get another verdict: 9 apps compared.', '[aria-labelledby=held-back-title]');
    await waitForText(
      page,
      /5 apps would move on the board, 4 keep their rank\. Noor Haddad Pending → In sync no rank → 4th Ivo/,
    );
    await waitForText(page, 'Tomás Ortega 4th → 5th because others move');
    await page.$eval('#held-back-title', (title) => title.scrollIntoView());
    await check('held-back', width, opened);
    expect(fixture.board.row(idOf(8))).toMatchObject({ verdict: 'pending', comparisonId: null });
    await press(page, 'Publish');
    await waitForText(page, 'Published: 9 verdicts.');
    await waitForText(page, 'published by teacher');
    expect(fixture.board.row(idOf(8))).toMatchObject({ verdict: 'in-sync' });
    await page.close();
  });
});

describe('changing the rules', () => {
  it('shows who would move before anything is published, and asks for a reason', async () => {
    const fixture = await pages.start({});
    const { page } = await pages.open('/staff/rules', {}, fixture);
    await signIn(page, fixture.lab.password);
    await waitForText(page, '“created_at” of every row is not compared. 384 hits');
    await waitForText(page, 'mood score, until the exercise of week 5');
    await press(page, 'Change the rules');
    await waitForText(page, 'Nothing is changed against version 2.');
    await press(page, 'Add a rule');
    await press(page, 'Take it into the draft');
    await waitForText(page, 'Say why; everybody reads it beside the verdict.');
    await type(page, 'path', '/rows/*/note');
    await type(page, 'name', 'own notes');
    await type(page, 'reason', 'They are translated.');
    await waitForText(page, '“note” of every row is not compared.', '[role=dialog]');
    fixture.board.missing = ['leaderboard'];
    await press(page, 'Take it into the draft');
    await waitForText(page, '1 app would get another verdict: 7 apps tested.');
    await waitForText(page, /Who would move on the board is not known now\. .*On our side; it costs you nothing/);
    fixture.board.missing = [];
    await press(page, 'Try again');
    await waitForText(page, 'Nobody would move on the board.');
    expect(await textOf(page, '[aria-labelledby=impact-title]')).toMatch(/Tomás Ortega Out of sync → In sync 2 → 0 differences/); // prettier-ignore
    expect(fixture.lab.rules.view().current).toBe(2);
    expect(await page.$eval('button[type=submit]', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
    await type(page, 'publish-reason', 'Notes are translated this week.');
    await press(page, 'Publish 1 change');
    await waitForText(page, 'Version 3, the newest');
    await waitForText(page, 'Notes are translated this week. 9 rules.');
    await press(page, 'Version 1');
    await waitForText(page, 'Version 1 of 3');
    expect(await textOf(page)).not.toContain('own notes');
    await page.close();
  });

  it('keeps the draft of who was overtaken, and shows it against the newer version', async () => {
    const fixture = await pages.start({});
    const { page } = await pages.open('/staff/rules', {}, fixture);
    await signIn(page, fixture.lab.password);
    await press(page, 'Change the rules');
    await page.locator('button[aria-label^="Remove mood score"]').click();
    await type(page, 'publish-reason', 'Week 5 is over.');
    fixture.lab.rules.publish({ basedOn: 2, reason: 'Ids are compared.', rules: fixture.lab.rules.view().rules.slice(1) }, 'bob'); // prettier-ignore
    await press(page, 'Publish 1 change');
    await waitForText(page, 'Version 3 was published meanwhile by bob: Ids are compared.');
    await press(page, 'Base the draft on the newest version');
    await waitForText(page, 'Publish version 4');
    expect(await textOf(page, '[aria-labelledby=publish-title]')).toMatch(/added own id \/api\/moods\/all.*removed mood score/); // prettier-ignore
    await page.close();
  });
});

describe('names of sixty-four letters without a space, and timers of a day', () => {
  const long = { name: 'W'.repeat(64), team: 'M'.repeat(64), url: `https://${'w'.repeat(60)}.example.org` };
  const paths = ['/leaderboard', `/apps/${idOf(5)}`, comparison, `/traces/${traceOf(1)}?comparison=${idOf(105)}`];

  it.each([1280, 1000, 390])('never make a page of %d px scroll sideways', async (width) => {
    const fixture = await pages.start({});
    const inADay = new Date(Date.now() + 86_340_000).toISOString();
    fixture.board.timers.fill!.nextFillAt = inADay;
    fixture.board.timers.compare!.nextCompareAt = inADay;
    fixture.board.fill = { open: null, last: { number: 1_204, closedAt: inADay, filled: 7, partly: 12, givenUp: 13 } };
    fixture.board.change([{ ...fixture.board.row(idOf(5))!, ...long }]);
    for (const one of paths) {
      const { page } = await pages.open(one, { width }, fixture);
      await waitForText(page, one.includes('/traces/') ? 'spans' : 'WWWW');
      await page.evaluate(() => document.fonts.ready);
      expect([one, await sidewaysPx(page)]).toEqual([one, 0]);
      await page.close();
    }
    const { page } = await pages.open('/staff', { width }, fixture);
    await signIn(page, fixture.lab.password);
    await waitForText(page, 'WWWW');
    expect(await sidewaysPx(page)).toBe(0);
    await page.close();
  });
});

describe('the downtime of an app', () => {
  it.each([1280, 1000, 390])('is said on a board of %d px, whole, and leads to its window', async (width) => {
    const { page } = await pages.open('/leaderboard', { width });
    await page.waitForSelector('[data-row]');
    await page.evaluate(() => document.fonts.ready);
    const cell = (n: number) => `[data-row="${idOf(n)}"] [data-cell="downtime"]`;
    const words = await Promise.all([1, 2, 5].map((n) => textOf(page, cell(n))));
    expect(words).toEqual(['not measured', '✓ 0 ms', '× 3.0 s']);
    const cut = await page.$$eval('[data-cell="downtime"]', (all) => all.filter((one) => one.scrollWidth > one.clientWidth).length); // prettier-ignore
    expect(cut).toBe(0);
    expect(await page.$eval(`${cell(5)} a`, (link) => link.getAttribute('aria-label'))).toMatch(/^Violated: down for 3\.0 s in the window of /); // prettier-ignore
    await page.click(`${cell(5)} a`);
    await waitForText(page, 'Down for reads for 3,004 ms', '#windows article');
    await page.close();
  });
});

describe('every page', () => {
  it('has a title of its own', async () => {
    const names = ['submit', 'board', 'comparison', 'app', 'sign-in', 'traces', 'trace', 'no-page'];
    const titles = new Set<string>();
    for (const { path, says } of shownPages.filter(({ name }) => names.includes(name))) {
      const { page } = await pages.open(path);
      await waitForText(page, says);
      titles.add(await page.title());
      await page.close();
    }
    expect(titles.size).toBe(names.length);
  });

  it('says what is wrong, whose side it is and what to do', async () => {
    const lost = await pages.open(`/comparisons/${idOf(999)}`);
    await waitForText(lost.page, 'There is no comparison with this id.');
    expect(await textOf(lost.page, '[role=alert]')).toMatch(/The board links to what exists\..*trace/);
    expect(await textOf(lost.page, '[role=alert]')).not.toContain('On your side');
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

describe('the send log', () => {
  it('leads from what was lost to the send log of just that, which says when it was last seen', async () => {
    const { page } = await pages.open(`/comparisons/${idOf(105)}`);
    await waitForText(page, '14 of them lost after that');
    await page.locator('a[href*="writes=acknowledged-then-missing"]').click();
    await waitForText(page, 'never seen, found missing');
    const rows = () =>
      page.$$eval('[role=row][data-outcome]', (all) => all.map((row) => row.getAttribute('data-outcome')));
    expect(await rows()).toEqual(Array(14).fill('lost'));
    await waitForText(page, /Of 528 writes the app acknowledged, 384 are visible, 14 acknowledged then lost, 2 doubled; 9 refused, 3 unknown/); // prettier-ignore
    await press(page, 'Doubled');
    await waitForText(page, 'there twice since');
    expect([await rows(), new URL(page.url()).searchParams.get('writes')]).toEqual([['doubled', 'doubled'], 'doubled']);
    await press(page, 'Doubled');
    await page.waitForFunction(() => document.querySelectorAll('[role=row][data-outcome]').length === 100);
    await page.close();
  });
});

describe('one lab among several', () => {
  const physics = { name: 'physics', title: `Physics ${'x'.repeat(50)}`, port: 8001, address: null };
  const maths = { name: 'maths', title: 'Maths <b>', port: 8002, address: 'https://maths.example/' };

  it('shows the others by title and address', async () => {
    const fixture = await pages.start({});
    fixture.lab.labs = [...fixture.lab.labs, physics, maths];
    const { page } = await pages.open('/', { width: 390 }, fixture);
    await waitForText(page, 'you are in this one');
    const links = await page.$$eval('nav[aria-label=Labs] a', (all) => all.map((a) => [a.textContent, a.href]));
    expect(links).toEqual([
      [physics.title, `http://${new URL(fixture.url).hostname}:8001/`],
      ['Maths <b>', 'https://maths.example/'],
    ]);
    expect([await breaches(page), await sidewaysPx(page)]).toEqual([[], 0]);
    await picture(page, 'submit-among-labs-390');
    await page.close();
  });

  it('shows none when it is alone', async () => {
    const { page } = await pages.open('/');
    const told = page.waitForResponse((response) => response.url().endsWith('/api/v1/labs'));
    await page.reload();
    await told;
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await page.$('nav[aria-label=Labs]')).toBeNull();
    await page.close();
  });
});
