import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerUsersWithPasswords, databaseName, planServices } from './service-plan.js';
import { services } from '#libs/contracts/src/catalogue.js';

describe('the plan of a lab', () => {
  let place: string;
  beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'lockstep-plan-'))));
  afterEach(() => rmSync(place, { recursive: true }));

  const made: string[] = [];
  const postgres = {
    ensureDatabase: (name: string, { password }: { password: string }) => {
      made.push(name);
      return Promise.resolve(`postgres://${name}:${password}@h/${name}`);
    },
  };
  const planOf = async (lab: string) => {
    const plan = await planServices({
      ...{ dir: mkdtempSync(join(place, 'lab-')), lab, postgres },
      ...{ natsUrl: 'nats://h:4222', common: { BASELINE_URL: 'http://b' } },
    });
    return services.map((name) => plan[name]);
  };

  it('has for the first one the names that there always were', async () => {
    const [gateway] = await planOf('main');
    expect(made).toEqual(services.map((name) => `lockstep_${name}`));
    expect(new URL(gateway!['NATS_URL']!).username).toBe('gateway');
    expect(gateway!['BASELINE_URL']).toBe('http://b');
  });

  it('shares neither databases nor users nor passwords with that of another', async () => {
    const secrets = async (lab: string) =>
      (await planOf(lab)).flatMap(({ DATABASE_URL, NATS_URL }) =>
        [DATABASE_URL!, NATS_URL!].map((url) => new URL(url)).flatMap((url) => [url.username, url.password]),
      );
    const all = [...(await secrets('main')), ...(await secrets('physics')), ...(await secrets('physics-2'))];
    expect(all).toHaveLength(3 * services.length * 4);
    expect(new Set(all).size).toBe(all.length);
  });

  it('has names that no two labs can come to, whatever they are called', () => {
    const labs = ['main', 'a', 'a-b', 'gateway', 'filler', 'x'.repeat(24)];
    const names = labs.flatMap((lab) => services.map((service) => databaseName(lab, service)));
    expect(new Set(names).size).toBe(names.length);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(63); // Postgres cuts off the rest
  });

  it('gives the users of a lab the rights of the same users anywhere', () => {
    const rights = (lab: string) =>
      brokerUsersWithPasswords(place, lab).map(({ publish, subscribe }) => [publish, subscribe]);
    expect(rights('physics')).toEqual(rights('main'));
  });
});
