import { idOf } from '../dev/fixture-apps.js';
import { openPages, press, signIn, textOf, waitForText, type Pages } from './open-pages.js';

// Goal: the board through time, and a freeze, as people use them.
let pages: Pages;
beforeAll(async () => {
  pages = await openPages();
}, 60_000);
afterAll(() => pages?.close());

describe('the time of the board', () => {
  it('is moved by keyboard, stands in the address, and is live again at the right end', async () => {
    const { page } = await pages.open('/leaderboard');
    const slider = '[aria-label="Time of the board"]';
    await page.waitForSelector(slider);
    const said = () => page.$eval(slider, (input) => input.getAttribute('aria-valuetext'));
    expect(await said()).toBe('live');
    await page.focus(slider);
    await page.keyboard.press('Home');
    await waitForText(page, 'As it was');
    const { searchParams } = new URL(page.url());
    const minutes = (Date.now() - Date.parse(searchParams.get('at')!)) / 60_000;
    expect([minutes > 58, minutes < 62]).toEqual([true, true]);
    expect(await said()).not.toBe('live');
    await waitForText(page, /Last fill then|Then filling/);
    expect(await page.$$eval('[data-row] a[href^="/comparisons/"]', (links) => links.length)).toBe(0); // nothing had been judged then
    expect(await page.$eval('details a', (link) => link.getAttribute('href'))).toContain('board.csv?at=');
    await page.keyboard.press('End');
    await waitForText(page, /Leaderboard Live/);
    expect(new URL(page.url()).searchParams.get('at')).toBeNull();
    await page.close();
  });

  it('of an address is shown at once, and left with one press', async () => {
    const at = new Date(Date.now() - 86_400_000).toISOString();
    const { page } = await pages.open(`/leaderboard?at=${at}`);
    await waitForText(page, 'As it was');
    const apps = await page.$$eval('[data-row]', (rows) => rows.length);
    pages.fixture.board.change([{ ...pages.fixture.board.row(idOf(5))!, name: 'Renamed after that' }]);
    expect(await textOf(page)).not.toContain('Renamed after that');
    await press(page, 'Live');
    await waitForText(page, 'Renamed after that');
    expect(apps).toBeLessThan(await page.$$eval('[data-row]', (rows) => rows.length));
    await page.close();
  });
});

describe('a frozen scoreboard', () => {
  it('is frozen and thawed by staff, who see on; visitors see at once what was known, and all of it after', async () => {
    const fixture = await pages.start({});
    const visitor = await pages.open('/leaderboard', {}, fixture);
    await waitForText(visitor.page, 'Kirill Antonov');
    const staff = await pages.open('/staff', {}, fixture);
    await signIn(staff.page, fixture.lab.password);
    await press(staff.page, 'Freeze now');
    await waitForText(staff.page, 'You are seeing live data.');
    await waitForText(staff.page, 'frozen by teacher');
    await waitForText(visitor.page, /Scoreboard frozen at \d\d:\d\d – results after that are hidden/);
    await waitForText(visitor.page, /Leaderboard Frozen · /);
    fixture.board.change([{ ...fixture.board.row(idOf(5))!, name: 'Hidden name' }]);
    await waitForText(staff.page, 'Hidden name');
    expect(await textOf(visitor.page)).not.toContain('Hidden name');
    expect(await textOf(visitor.page)).not.toContain('Next fill');
    await press(staff.page, 'Thaw');
    await waitForText(visitor.page, 'Hidden name');
    expect(await textOf(visitor.page)).not.toContain('results after that are hidden');
    await staff.page.close();
    await visitor.page.close();
  });

  it('is not left open on the screen of somebody who signs out', async () => {
    const fixture = await pages.start({});
    const { page } = await pages.open('/staff', {}, fixture);
    await signIn(page, fixture.lab.password);
    await press(page, 'Freeze now');
    await waitForText(page, 'You are seeing live data.');
    fixture.board.change([{ ...fixture.board.row(idOf(5))!, name: 'Hidden name' }]);
    await waitForText(page, 'Hidden name');
    await press(page, 'Sign out');
    await waitForText(page, 'Password');
    await page.locator('a::-p-text(Board)').click();
    await waitForText(page, 'results after that are hidden');
    expect(await textOf(page)).not.toContain('Hidden name');
    await page.close();
  });
});
