import { PlaceFinder } from './place-finder.js';
import { EgressPolicy } from '#libs/egress/src/egress-policy.js';
import { egressError } from '#libs/egress/src/egress-code.js';

const names: Record<string, string[]> = {
  'app.example.org': ['93.184.216.35', '93.184.216.34'],
  journal: ['10.0.0.7'],
};
const finder = new PlaceFinder(new EgressPolicy({ allow: ['127.0.0.1:8101', 'localhost:8102', 'journal:8080'] }), {
  resolve: async (host: string) => names[host] ?? Promise.reject(egressError('dns-not-found', host)),
} as never);

describe('the place of an app', () => {
  it('on the internet is its addresses, whatever the port: two doors of one machine are one place', async () => {
    const [plain, secure] = ['http://app.example.org:8080/lab', 'https://app.example.org'].map((url) =>
      finder.placesOf(url),
    );
    expect(await plain).toEqual(['93.184.216.34', '93.184.216.35']);
    expect(await secure).toEqual(await plain);
    expect(await finder.placesOf('http://93.184.216.34')).toEqual(['93.184.216.34']);
  });

  it('that staff have allowed is address and port: there every app has the same address', async () => {
    expect(await finder.placesOf('http://127.0.0.1:8101')).toEqual(['127.0.0.1 8101']);
    expect(await finder.placesOf('http://localhost:8102')).toContain('127.0.0.1 8102');
    expect(await finder.placesOf('http://journal:8080')).toEqual(['10.0.0.7 8080']);
  });

  it('is not known for a name without address, nor for a URL that nobody may visit', async () => {
    expect(await finder.placesOf('http://gone.example.org')).toEqual([]);
    expect(await finder.placesOf('http://10.0.0.8')).toEqual([]);
  });
});
