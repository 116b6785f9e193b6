import type { Page } from 'puppeteer-core';
import {
  breaches,
  errorOf,
  openPages,
  picture,
  press,
  textOf,
  type,
  valueOf,
  waitForText,
  type Pages,
} from './open-pages.js';

let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());

const card = '[aria-labelledby=preflight-title]';
const names = ['Address', 'DNS', 'Answers', 'Moods', 'Entries', 'Stats', 'Values', 'Clock', 'Write and read back'];
const lines = (page: Page) =>
  page.$$eval(`${card} li`, (all) => all.map((one) => (one as HTMLElement).innerText.replace(/\s+/g, ' ')));
const line = (page: Page, check: string) => textOf(page, `[data-check=${check}]`);
/** The button that stands out: what comes next. */
const primary = (page: Page) =>
  page.$$eval('form button[data-variant=filled]', (all) => all.map((one) => (one as HTMLElement).innerText));

async function check(page: Page, url: string): Promise<void> {
  await type(page, 'url', url);
  await press(page, 'Check');
}

/** What is shown only after something went another way: as accessible as the rest. */
async function lookAt(page: Page, name: string, selector: string): Promise<void> {
  await page.$eval(selector, (one) => one.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await picture(page, name);
  expect(await breaches(page)).toEqual([]);
}

/** The calls about pre-flights that the page makes from now on, as "POST write". */
function watchCalls(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', (request) => {
    const [, of] = /\/api\/v1\/preflights(.*)$/.exec(request.url()) ?? [];
    if (of !== undefined) calls.push(`${request.method()} ${of.replace(/^\/[0-9a-f-]{36}\/?/, '') || of.slice(0, 1)}`);
  });
  return calls;
}

describe('a pre-flight', () => {
  it('needs an address only, shows all lines at once, writes once, and leaves submitting as the next step', async () => {
    const { page, complaints } = await pages.open('/');
    const calls = watchCalls(page);
    const isDisabled = () => page.$eval('form button[type=button][data-size=md]', (one) => (one as HTMLButtonElement).disabled); // prettier-ignore
    await waitForText(page, 'Check it first');
    expect([await isDisabled(), await page.$(card)]).toEqual([true, null]);
    await type(page, 'url', 'https://rosa-slow.example.org');
    await page.focus('form button[type=button][data-size=md]');
    await page.keyboard.press('Enter');
    await waitForText(page, /Looked at \d of 9/, card);
    const early = await lines(page);
    expect(early.map((text, index) => text.includes(names[index]!))).toEqual(names.map(() => true));
    expect(early.at(-1)).toContain('Waiting');
    expect(await primary(page)).toEqual([]);

    await waitForText(page, '9 of 9 passed. You may submit it.', card);
    expect(await line(page, 'entries')).toMatch(/✓ Entries Passed 1,204 ms 64 entries, of the right shape\./);
    expect(await line(page, 'write')).toMatch(/✓ Write and read back Passed 213 ms/);
    expect(calls.filter((one) => one.startsWith('POST'))).toEqual(['POST ', 'POST write']);
    expect(await primary(page)).toEqual(['Submit it']);
    // Whoever came here by keyboard is still where he was.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Check again');
    expect(new URL(page.url()).searchParams.get('check')).toMatch(/^[0-9a-f-]{36}$/);

    await type(page, 'name', 'Rosa');
    await press(page, 'Submit it');
    await waitForText(page, 'Rosa takes part');
    expect([await page.$(card), new URL(page.url()).search, complaints]).toEqual([null, '', []]);
    await page.close();
  });

  it('says of every failed line what to do, names them, and offers to check again; submitting is not blocked', async () => {
    const { page } = await pages.open('/');
    const calls = watchCalls(page);
    await check(page, 'https://broken.example.org');
    await waitForText(page, 'As it is now, it would be called out of sync.', card);
    expect(await textOf(page, card)).toContain('To mend: Entries, Stats.');
    expect(await line(page, 'entries')).toMatch(
      /× Entries Failed 31 ms It answered 503 instead of 200\. Look at the log of your app/,
    );
    expect(await line(page, 'clock')).toContain('– Clock Skipped');
    expect(await primary(page)).toEqual(['Check again']);
    expect(calls).not.toContain('POST write');

    await check(page, 'https://warn.example.org');
    await waitForText(page, '8 of 9 passed. You may submit it', card);
    expect(await line(page, 'clock')).toMatch(/! Clock Warning Its clock is 4 s ahead of ours.*by NTP\./);
    expect(await primary(page)).toEqual(['Submit it']);
    await type(page, 'url', 'https://another.example.org');
    await waitForText(page, 'Check it first');
    expect(await primary(page)).toEqual(['Submit']);

    await check(page, 'https://broken.example.org');
    await waitForText(page, 'To mend: Entries, Stats.', card);
    await type(page, 'name', 'Broken');
    await press(page, 'Submit anyway');
    await waitForText(page, 'Broken takes part');
    await page.close();
  });

  it('writes nothing where nobody wants it, until somebody asks for it', async () => {
    const { page } = await pages.open('/');
    const calls = watchCalls(page);
    await page.locator('label::-p-text(The check also writes one entry)').click();
    await check(page, 'https://rosa.example.org');
    await waitForText(page, '8 of 9 passed. You may submit it.', card);
    expect(await line(page, 'write')).toContain('– Write and read back Skipped Nobody asked for it.');
    await lookAt(page, 'submit-unwritten', '[data-check=write]');
    expect(calls).not.toContain('POST write');
    await press(page, 'Write one entry now');
    await waitForText(page, '9 of 9 passed.', card);
    expect(calls.filter((one) => one === 'POST write')).toHaveLength(1);
    await page.close();
  });

  it('that is refused is told where the form tells its problems, and what was typed stays', async () => {
    const { page } = await pages.open('/');
    await type(page, 'name', 'Rosa');
    await check(page, 'http://10.0.0.7');
    await waitForText(page, 'http://10.0.0.7 is a private address.');
    expect(await errorOf(page, 'url')).toContain('http://10.0.0.7 is a private address.');
    expect(await textOf(page, '[role=alert]')).toContain('Use an address that everybody can reach');
    await page.waitForFunction(() => (document.activeElement as HTMLInputElement).name === 'url');
    expect([await valueOf(page, 'name'), await valueOf(page, 'url')]).toEqual(['Rosa', 'http://10.0.0.7']);
    expect(await page.$(card)).toBeNull();

    await check(page, 'https://crowded.example.org');
    await waitForText(page, '8 pre-flights are under way', '[role=alert]');
    expect(await errorOf(page, 'url')).not.toContain('private');
    await page.close();
  });

  it('whose write is refused says so with its line, and keeps what was read', async () => {
    const { page } = await pages.open('/');
    const calls = watchCalls(page);
    await check(page, 'https://unwritten.example.org');
    await waitForText(page, 'Its trial write cannot be asked for now.', `${card} [role=alert]`);
    expect(await textOf(page, card)).toContain('8 of 9 passed.');
    expect(await line(page, 'write')).toContain('Skipped It could not be asked for: see below.');
    expect(calls.filter((one) => one === 'POST write')).toHaveLength(1);
    await lookAt(page, 'submit-write-refused', `${card} [role=alert]`);
    await page.close();
  });
});

describe('the address of a pre-flight', () => {
  it('shows it to whoever opens it, with its address in the form, and writes nothing there', async () => {
    const { page } = await pages.open('/');
    await page.locator('label::-p-text(The check also writes one entry)').click();
    await check(page, 'https://shared.example.org');
    await waitForText(page, '8 of 9 passed. You may submit it.', card);
    const other = await pages.open(new URL(page.url()).search.replace(/^/, '/'));
    const calls = watchCalls(other.page);
    await waitForText(other.page, '8 of 9 passed. You may submit it.', card);
    expect(await valueOf(other.page, 'url')).toBe('https://shared.example.org');
    await other.page.waitForFunction(() => document.querySelector('[data-check=address]')!.getBoundingClientRect().bottom < innerHeight); // prettier-ignore
    expect(await other.page.$eval('input[type=checkbox]', (box) => (box as HTMLInputElement).checked)).toBe(true);
    await other.page.reload();
    await waitForText(other.page, '8 of 9 passed. You may submit it.', card);
    expect(calls).not.toContain('POST write');
    await Promise.all([page.close(), other.page.close()]);
  });

  it('of one that is forgotten says so, and offers to check again', async () => {
    const { page } = await pages.open('/?check=00000000-0000-4000-8000-000000009999');
    await waitForText(page, 'This pre-flight is no longer known here', card);
    await lookAt(page, 'submit-forgotten', card);
    await press(page, 'Check again');
    await page.waitForFunction(() => (document.activeElement as HTMLInputElement).name === 'url');
    await type(page, 'url', 'https://rosa.example.org');
    await press(page, 'Check again');
    await waitForText(page, '9 of 9 passed.', card);
    await page.close();
  });
});

it('screen readers are told which lines came, and at the end what they mean', async () => {
  const { page } = await pages.open('/');
  await check(page, 'https://slow-broken.example.org');
  await page.waitForFunction(
    (of) => /DNS: passed\./.test(document.querySelector(`${of} > [role=status]`)?.textContent ?? ''),
    {},
    card,
  );
  await page.waitForFunction(
    (of) => /The pre-flight is over\. \d of 9 passed\./.test(document.querySelector(`${of} > [role=status]`)?.textContent ?? ''), // prettier-ignore
    {},
    card,
  );
  await page.close();
});

it('the owner of an app checks it again from its page', async () => {
  const { page } = await pages.open('/');
  await type(page, 'name', 'Again');
  await type(page, 'url', 'https://again-and-again.example.org');
  await press(page, 'Submit');
  await waitForText(page, 'Again takes part');
  await page.goto(`${pages.fixture.url}/`);
  await page.locator('main a::-p-text(Again)').click();
  await page.locator('a::-p-text(Check it again)').click();
  await page.waitForSelector('[name=claimCode]');
  expect([await valueOf(page, 'name'), await valueOf(page, 'url')]).toEqual([
    'Again',
    'https://again-and-again.example.org',
  ]);
  await press(page, 'Check it first');
  await waitForText(page, '9 of 9 passed.', card);
  await page.close();
});
