import type { CompareApps, ComparisonDetail, GetComparison } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { GetFill } from '#libs/contracts/src/filler.js';
import type { SubmittedApp } from '#libs/contracts/src/gateway.js';
import { ClassOfApps, type Fault } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: what the table of apps/faulty-student says must be said, is said: the verdict, and the mistake on the first card.
// Method: one app for each fault, all in one lab, through real HTTP, egress, judge and worker. Second looks are made due at once, but
// for the app that lags: it has to have the time to come.

/** A zone in which it is another day than in UTC now. */
const elsewhere = new Date().getUTCHours() >= 11 ? 'Pacific/Kiritimati' : 'Etc/GMT+12';
const hourInUtc = (Date.now() % 86_400_000) / 3_600_000;
/** Around midnight nobody judges days. */
const isMidnight = hourInUtc < 0.1 || hourInUtc > 23.9;

interface Expected {
  readonly faults: readonly Fault[];
  /** Faults that begin when the first fill has closed, or only when the second has. */
  readonly later?: 'fill' | 'comparison';
  readonly verdicts: readonly string[];
  /** One of these, where a teacher would take either. */
  readonly mistake: string | readonly string[] | null;
}
const outOfSync = (mistake: string | readonly string[], ...faults: Fault[]): Expected => ({
  faults,
  verdicts: ['out-of-sync'],
  mistake,
});
const inSync = (...faults: Fault[]): Expected => ({ faults, verdicts: ['in-sync'], mistake: null });
const unreachable = (mistake: string, ...faults: Fault[]): Expected => ({ faults, later: 'comparison', verdicts: ['unreachable'], mistake }); // prettier-ignore

const expected: Readonly<Record<string, Expected>> = {
  Faithful: inSync(),
  Reordering: inSync({ name: 'reorder', how: 'shuffled' }),
  Resurrecting: inSync({ name: 'resurrect' }),
  Lossy: outOfSync('acknowledged-before-commit', { name: 'drop-acknowledged', everyNth: 3 }),
  Doubling: outOfSync('duplicate-delivery', { name: 'duplicate', everyNth: 2 }),
  Narrow: outOfSync('truncated-column', { name: 'truncate', charactersMax: 20 }),
  Text: outOfSync('retyped-column', { name: 'retype' }),
  Counts: outOfSync('retyped-column', { name: 'retype', reads: ['stats'] }),
  Zoned: isMidnight ? inSync() : outOfSync('time-zone-cast', { name: 'time-zone', zone: elsewhere }),
  Stale: { ...outOfSync('stale-copy', { name: 'stale-copy', servedFrom: 1 }), later: 'fill' },
  Splitting: { ...outOfSync('two-stores', { name: 'split-stores' }), later: 'fill' },
  Overwriting: { ...outOfSync('keys-given-twice', { name: 'reused-keys' }), later: 'fill' },
  Seconds: { ...outOfSync('wrong-unit-of-time', { name: 'seconds-as-milliseconds' }), later: 'fill' },
  Rounding: outOfSync(['rounded-numbers', 'retyped-column'], { name: 'rounded-values' }),
  Shapeless: unreachable('wrong-shape', { name: 'wrong-shape' }),
  Failing: unreachable('failing', { name: 'down' }),
  Gone: unreachable('away', { name: 'down', how: 'reset' }),
  Flapping: { ...inSync({ name: 'flapping', up: 3, down: 5 }), later: 'comparison', verdicts: ['unreachable', 'pending', 'in-sync'] }, // prettier-ignore
  Lagging: { ...inSync({ name: 'lagging', lagMs: 9_000 }), later: 'fill', mistake: 'lagging-replica' },
};
const names = Object.keys(expected);

describe('an app with a fault', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;
  const appIds = new Map<string, string>();
  const comparisons = new Map<string, ComparisonDetail>();

  const switchFaults = async (on: boolean, when: Expected['later']) => {
    for (const [name, { faults, later }] of Object.entries(expected))
      for (const fault of when === later ? faults : [])
        await (apps.students.get(name) as unknown as Switchable).switchFault(fault.name, on);
  };
  /** Until every comparison is done; their second looks are made due at once, but for one app's. */
  const allDone = (patient: string) =>
    until(async () => {
      await lab.query(
        'comparator',
        `update work set due_at = clock_timestamp() where kind = 'comparison' and due_at > clock_timestamp() and subject not in
           (select comparison_id::text from comparison where app_id = $1::uuid)`,
        [appIds.get(patient) ?? null],
      );
      return (await lab.query('comparator', `select 1 from comparison where state <> 'done'`)).length === 0;
    }, 60_000);
  const submit = async (name: string) => {
    const app = { name, url: apps.students.get(name)!.url };
    const { body } = await gateway.visitor<SubmittedApp>('POST', '/api/v1/apps', app);
    appIds.set(name, body.appId);
  };
  /**
   * The fill that follows the first submissions, and the first comparisons; another one for who was too late for it. One more, so that
   * more was copied than the next fill brings: where all is overwritten at once, nothing is left to tell it by.
   */
  const firstFills = async () => {
    const { fill: first } = await until(async () => {
      const { body } = await gateway.visitor<ReplyOf<typeof GetFill>>('GET', '/api/v1/fills/latest');
      return Boolean(body.fill?.closedAt) && body;
    }, 60_000);
    await lab.settle();
    if (first!.parts.length <= names.length) await fill();
    await fill();
    await allDone('none');
  };
  const fill = async (): Promise<void> => {
    expect((await gateway.staff('POST', '/api/v1/fills')).status).toBe(202);
    await lab.settle();
  };
  const compareAll = async () => {
    const { body } = await gateway.staff<ReplyOf<typeof CompareApps>>('POST', '/api/v1/comparisons', { apps: 'all' });
    await allDone('Lagging');
    for (const name of names) {
      const { comparisonId } = body.comparisons.find(({ appId }) => appId === appIds.get(name))!;
      const path = `/api/v1/comparisons/${comparisonId}`;
      const detail = await gateway.visitor<ReplyOf<typeof GetComparison>>('GET', path);
      comparisons.set(name, detail.body.comparison);
    }
  };

  beforeAll(async () => {
    const intervals = { COMPARE_INTERVAL_SECONDS: '86400', FILL_INTERVAL_SECONDS: '86400' };
    const staff = {
      ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough-0123456789',
      ADMIN_PASSWORD: 'a password for tests',
    };
    lab = await Lab.start({ env: { ...intervals, ...staff, PORT: '0', FILL_ITERATIONS: '2', FILL_DRIVER: 'http' } });
    const faults = Object.fromEntries(Object.entries(expected).map(([name, one]) => [name, one.faults]));
    apps = await ClassOfApps.start(lab, faults);
    gateway = await GatewayClient.of(lab);
    await switchFaults(false, 'fill');
    await switchFaults(false, 'comparison');
    await Promise.all(names.map(submit));
    await firstFills();
    await switchFaults(true, 'fill');
    await fetch(`${apps.students.get('Stale')!.url}/api/moods/all`); // takes its copy
    await fill();
    await switchFaults(true, 'comparison');
    await compareAll();
  }, 240_000);
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  it.each(names)('%s', (name) => {
    const { verdicts, mistake } = expected[name]!;
    const { verdict, causes, sentence } = comparisons.get(name)!;
    expect([verdict, sentence, verdicts.includes(verdict)]).toEqual([verdict, sentence, true]);
    if (name !== 'Flapping') expect([mistake].flat()).toContain(causes[0]?.mistake?.name ?? null);
    expect(causes.length).toBeLessThanOrEqual(1);
  });

  it('is told in one card, and what follows from it is not told again', () => {
    const rows = names.map((name) => {
      const { verdict, causes } = comparisons.get(name)!;
      return `${name.padEnd(13)} ${verdict.padEnd(12)} ${causes.map((cause) => `${cause.mistake!.title}: ${cause.sentence}`).join(' | ')}`;
    });
    process.stderr.write(`${rows.join('\n')}\n`);
    expect(comparisons.get('Lagging')!.sentence).toMatch(/came late: after \d/);
    expect(comparisons.get('Failing')!.causes[0]!.sentence).toContain('503');
  });
});

interface Switchable {
  switchFault(name: string, on: boolean): Promise<void>;
}
