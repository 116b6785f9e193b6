import { readdirSync, readFileSync } from 'node:fs';
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
  ['worker:acted', 2, 'http'],
  ['worker:recorded', 2, 'http'],
];

interface Written {
  marker: string;
  kind: string;
  state: string;
  reason: string | null;
  name: string;
  driver: string;
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

  /** One fill from its request to its end, with a filler that dies or loses something on the way. */
  async function fill(begin: () => Promise<unknown>): Promise<Written[]> {
    expect((await gateway.staff('POST', '/api/v1/fills')).status).toBe(202);
    await begin();
    await lab.settle({ deadlineMs: 90_000, workWithinMs: 15_000 });
    const [newest] = await lab.query<{ number: number; closed_at: string | null }>(
      'filler',
      'select number, closed_at from fill order by number desc limit 1',
    );
    expect(newest!.closed_at).not.toBeNull();
    return lab.query<Written>(
      'filler',
      `select marker, payload->>'kind' as kind, write_log.state, write_log.reason, part.name, write_log.driver
       from write_log join part using (fill_id, target_id) where number = $1 and not is_canary`,
      [newest!.number],
    );
  }

  /** What the log says is what the apps hold: an acknowledged write is there once, an unknown one is not there. */
  async function expectTruth(writes: readonly Written[]): Promise<void> {
    expect(writes).toHaveLength(18);
    for (const name of ['baseline', ...[...apps.students.values()].map((app) => app.name)]) {
      const rows = await held(apps.databases.get(name.toLowerCase())!);
      const own = writes.filter((write) => write.name === name);
      const seen = own.map(({ marker, state }) => [marker, state, rows.get(marker) ?? 0]);
      expect(seen).toEqual(own.map(({ marker, state }) => [marker, state, state === 'acknowledged' ? 1 : 0]));
      expect([...rows].filter(([, times]) => times > 1)).toEqual([]);
    }
    expect(writes.filter(({ state }) => state !== 'acknowledged' && state !== 'unknown')).toEqual([]);
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  }

  async function restart(driver: 'browser' | 'http' | 'auto', failpoints = '') {
    for (const one of lab.processes.get('filler') ?? []) if (one.running) await one.stop();
    Object.assign(lab.plan.filler, { FILL_DRIVER: driver });
    return lab.spawn('filler', failpoints);
  }

  it.each(cases)(
    'at %s (pass %i, %s): every write has its outcome, none is sent twice',
    async (point, pass, driver) => {
      const victim = await restart(driver, `${point}=kill@${pass}`);
      const writes = await fill(async () => {
        await victim.exited;
        // Whoever is dead has let go, and sends nothing any more: nobody need wait for that to have come true by itself.
        await lab.query('filler', 'update work set lease_until = clock_timestamp() where lease_until is not null');
        await lab.query('filler', `update write_log set sent_at = sent_at - interval '1 minute' where state = 'sent'`);
        await lab.spawn('filler');
      });
      await expectTruth(writes);
      // Died between mark and first byte, there is nothing to be found; died after the answer, its marker tells.
      if (point === 'fill:marked-sent') expect(writes.map(({ state }) => state)).toContain('unknown');
      if (point === 'fill:sent')
        expect(writes.filter(({ reason }) => reason?.includes('found by its marker'))).not.toEqual([]);
    },
  );

  it('that loses its browser in the middle of a fill sends nothing twice, and fills the baseline by another', async () => {
    const filler = await restart('auto');
    const writes = await fill(async () => {
      await until(async () => (await acknowledgedByBrowser()) > 0);
      for (const pid of browsingOf(filler.pid)) process.kill(pid, 'SIGKILL');
    });
    await expectTruth(writes);
    expect(new Set(writes.filter(({ name }) => name === 'baseline').map(({ driver }) => driver))).toEqual(new Set(['browser'])); // prettier-ignore
    const [baseline] = await lab.query<{ state: string }>('filler', `select state from part where name = 'baseline' order by ended_at desc limit 1`); // prettier-ignore
    expect(baseline!.state).toMatch(/^(filled|partly)$/);
  });

  const acknowledgedByBrowser = async (): Promise<number> => {
    const [row] = await lab.query<{ count: number }>(
      'filler',
      `select count(*)::int as count from write_log where driver = 'browser' and state = 'acknowledged' and number = (select max(number) from fill)`,
    );
    return row!.count;
  };
});

/** The processes that drive browsers for this filler. */
function browsingOf(filler: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isOne = (pid: string): boolean => {
    try {
      const isChild = new RegExp(`^PPid:\\s+${filler}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('browsing-program');
    } catch {
      return false; // it has just ended
    }
  };
  return pids.filter(isOne).map(Number);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 20_000; !(await isTrue());)
    if (performance.now() > end) throw new Error('not in time');
}
