import pg from 'pg';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import type { Failpoint } from '#libs/platform/src/failpoint.js';

// Goal: a filler killed in the middle of a fill sends nothing twice, loses no outcome, and the fill closes.
// Method: the filler as a process of its own that SIGKILLs itself at the n-th pass of a point; a new one in its place; then the send
// log against what the apps really hold.
const token = 'a-token-for-tests-that-is-long-enough-0123456789';
const cases: [Failpoint, number, 'browser' | 'http'][] = [
  ['worker:claimed', 2, 'http'],
  ['fill:marked-sent', 5, 'http'],
  ['fill:sent', 5, 'http'],
  ['fill:sent', 4, 'browser'],
  ['worker:acted', 1, 'http'],
  ['worker:recorded', 1, 'http'],
];

interface Written {
  marker: string;
  kind: string;
  state: string;
  name: string;
}

describe('a filler killed in the middle of a fill', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gateway: GatewayClient;

  beforeAll(async () => {
    const env = {
      ADMIN_TOKEN: token,
      ADMIN_PASSWORD: 'a password for tests',
      PORT: '0',
      FILL_ITERATIONS: '2',
      FILL_INTERVAL_SECONDS: '86400',
      COMPARE_INTERVAL_SECONDS: '86400',
    };
    lab = await Lab.start({ env });
    apps = await ClassOfApps.start(lab, { One: [], Two: [] }, ['gateway', 'submission', 'comparator', 'leaderboard']);
    gateway = await GatewayClient.of(lab);
    await gateway.staff('PATCH', '/api/v1/automation', { fill: { on: false } });
    for (const app of apps.students.values())
      await gateway.visitor('POST', '/api/v1/apps', { name: app.name, url: app.url });
  });
  afterAll(async () => {
    await lab?.stop();
    await apps?.stop();
  });

  /** Every text and number that an app holds, as often as it holds it. */
  async function held(database: string): Promise<Map<string, number>> {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const { rows } = await client.query<{ text: string }>(
      `select text from entries union all select note from moods union all select number::text from "values"`,
    );
    await client.end();
    const counts = new Map<string, number>();
    for (const { text } of rows) {
      const marker = /~[0-9a-z]{10}/.exec(text)?.[0] ?? `#${text}`;
      counts.set(marker, (counts.get(marker) ?? 0) + 1);
    }
    return counts;
  }

  it.each(cases)(
    'at %s (pass %i, %s): every write has its outcome, none is sent twice',
    async (point, pass, driver) => {
      for (const one of lab.processes.get('filler') ?? []) if (one.running) await one.stop();
      Object.assign(lab.plan.filler, { FILL_DRIVER: driver });
      const victim = await lab.spawn('filler', `${point}=kill@${pass}`);
      expect((await gateway.staff('POST', '/api/v1/fills')).status).toBe(202);
      await victim.exited;
      await lab.spawn('filler');
      await lab.settle({ deadlineMs: 90_000, workWithinMs: 15_000 });

      const [fill] = await lab.query<{ number: number; closed_at: string | null }>(
        'filler',
        'select number, closed_at from fill order by number desc limit 1',
      );
      expect(fill!.closed_at).not.toBeNull();
      const writes = await lab.query<Written>(
        'filler',
        `select marker, payload->>'kind' as kind, write_log.state, part.name from write_log join part using (fill_id, target_id) where number = $1`,
        [fill!.number],
      );
      expect(writes).toHaveLength(18);
      for (const { name } of [{ name: 'baseline' }, ...apps.students.values()]) {
        const rows = await held(apps.databases.get(name.toLowerCase())!);
        const own = writes.filter((write) => write.name === name);
        expect(own.map((write) => write.state).filter((state) => !['acknowledged', 'unknown'].includes(state))).toEqual(
          [],
        );
        for (const write of own) {
          const times = rows.get(write.marker) ?? 0;
          if (write.state === 'acknowledged') expect([write.marker, times]).toEqual([write.marker, 1]);
          else expect(times).toBeLessThanOrEqual(1);
        }
        expect([...rows].filter(([, count]) => count > 1)).toEqual([]);
      }
      const unknown = writes.filter((write) => write.state === 'unknown').length;
      expect(unknown).toBeGreaterThanOrEqual(point === 'fill:marked-sent' ? 1 : 0);
      expect(unknown).toBeLessThanOrEqual(3);
      expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
    },
  );
});
