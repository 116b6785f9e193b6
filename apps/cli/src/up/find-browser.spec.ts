import { findBrowser } from './find-browser.js';

const told: string[] = [];
const progress = { step: () => {}, done: (line: string) => void told.push(line) };
const none = () => Promise.reject(new Error('No Chromium runs on this machine. Install one.'));
const one = () => Promise.resolve({ executable: '/chromium' });

describe('a browser for fills', () => {
  beforeEach(() => void told.splice(0));

  it('is used where there is one', async () => {
    for (const driver of ['auto', 'browser'])
      expect(await findBrowser(driver, progress, one)).toEqual({ FILL_DRIVER: driver, CHROMIUM_PATH: '/chromium' });
    expect(told).toEqual([]);
  });

  it('is not looked for when fills go over HTTP', async () => {
    expect(await findBrowser('http', progress, none)).toEqual({ FILL_DRIVER: 'http' });
  });

  it('may be missing with auto, and that is said', async () => {
    expect(await findBrowser('auto', progress, none)).toEqual({ FILL_DRIVER: 'http' });
    expect(told).toEqual(['No Chromium runs on this machine. Install one. Until then fills go over HTTP.']);
  });

  it('is required with browser, and what to do without one is said', async () => {
    await expect(findBrowser('browser', progress, none)).rejects.toThrow(
      'No Chromium runs on this machine. Install one. Or fill without one: FILL_DRIVER=http',
    );
  });
});
