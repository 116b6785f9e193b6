import { addressOf, readLabSettings } from './lab-settings.js';
import { SettingsError } from '#libs/platform/src/settings.js';

const rowsOf = async (env: Record<string, string>, demo = true) => {
  const failure = await readLabSettings(env, demo).catch((error: unknown) => error);
  return (failure as SettingsError).rows.map(({ name, problem }) => `${name} ${problem}`);
};

describe('the settings of up', () => {
  it('have defaults, and what is empty counts as not given', async () => {
    const none = await readLabSettings({}, true);
    expect(none).toMatchObject({ host: '127.0.0.1', port: 8000, fillDriver: 'auto', egressAllow: [] });
    const empty = {
      PORT: '',
      HOST: '',
      BASELINE_URL: '',
      DATABASE_URL: '',
      NATS_URL: '',
      ADMIN_TOKEN: '',
      FILL_DRIVER: '',
    };
    expect(await readLabSettings(empty, true)).toEqual(none);
  });

  it('open the gateway to others with HOST, and no other service', async () => {
    const { host, common, gateway } = await readLabSettings({ HOST: '0.0.0.0', FILL_MODE: 'random' }, true);
    expect([host, gateway['HOST'], common]).toEqual(['0.0.0.0', '0.0.0.0', { FILL_MODE: 'random' }]);
  });

  it('are all told at once when they are wrong, before anything starts', async () => {
    const wrong = {
      PORT: '99999',
      HOST: 'a b',
      FILL_INTERVAL_SECONDS: '1',
      TRUST_PROXY: 'proxy',
      NATS_URL: 'nats://a,b',
    };
    expect(await rowsOf(wrong, false)).toEqual(
      expect.arrayContaining([
        'PORT must be a port from 0 to 65535',
        'HOST must be an address or a host name, without a port',
        'FILL_INTERVAL_SECONDS must be at least 5 seconds',
        'TRUST_PROXY must be addresses or networks such as 10.0.0.0/8, separated by commas',
        'NATS_URL must be the address of one server, such as nats://user:password@host:4222',
        'BASELINE_URL is missing: without the demo it says which app is the baseline',
      ]),
    );
  });

  it('need a baseline only without the demo', async () => {
    expect(await rowsOf({ BASELINE_URL: '' }, false)).toHaveLength(1);
    expect((await readLabSettings({ BASELINE_URL: 'https://b.example' }, false)).baselineUrl).toBe('https://b.example');
  });
});

it.each([
  ['127.0.0.1', 'http://localhost:8000'],
  ['0.0.0.0', 'http://localhost:8000'],
  ['::', 'http://localhost:8000'],
  ['192.0.2.2', 'http://192.0.2.2:8000'],
  ['2001:db8::2', 'http://[2001:db8::2]:8000'],
  ['lab.example', 'http://lab.example:8000'],
])('with HOST=%s the pages are at %s', (host, address) => {
  expect(addressOf(host, 8000)).toBe(address);
});
