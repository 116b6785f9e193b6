import { hostileUrls } from '../../test/hostile-texts.js';
import { webPageAt } from './foreign-address.js';

describe('an address that somebody submitted', () => {
  it.each(hostileUrls)('is no link, or one to a web page: %j', (url) => {
    const page = webPageAt(url);
    if (page === undefined) return expect(url).not.toMatch(/^https?:\/\//);
    expect(page).toMatch(/^https?:\/\/[a-z.]+\//);
    expect(page).not.toMatch(/["<>\s]/);
  });

  it('leads where it says', () => {
    expect(webPageAt('https://ada.example.org/lab')).toBe('https://ada.example.org/lab');
    expect(hostileUrls.filter((url) => webPageAt(url) === undefined).length).toBeGreaterThan(50);
  });
});
