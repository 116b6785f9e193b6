import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { services, type ServiceName } from '#libs/contracts/src/catalogue.js';
import type { InputOf } from '#libs/contracts/src/contract.js';
import type { TargetFilled } from '#libs/contracts/src/filler.js';
import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

// Goal: whoever was stopped for longer than its leases, in the middle of its work, and goes on as if nothing had happened, records
// nothing and sends nothing: another one has done its work. Nor does a Postgres that is away in the middle of a fill double or lose a
// write.
// Method: real processes, SIGSTOP and SIGCONT; before each app a gate that lets requests wait, so that the middle lasts as long as it
// must; leases are ended in the database. Who comes back must have said that its claims are lost before anything is counted.
const writesPerApp = 6;
const claimLost = 'claim lost; nothing recorded';

/** Stands before an app and lets requests wait until the test lets them go; counts the writes that pass. */
class Gate {
  writes = 0;
  waiting: { readonly go: () => void; readonly response: ServerResponse }[] = [];
  private holding = { method: '', left: 0 };
  private readonly server: Server;

  constructor(private readonly target: string) {
    this.server = createServer((request, response) => void this.pass(request, response));
  }

  async open(): Promise<this> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next `count` requests of this method wait. */
  hold(method: 'GET' | 'POST', count: number): void {
    this.holding = { method, left: count };
  }

  /** Lets go all that wait, and waits until they are answered. */
  async letGo(): Promise<void> {
    const going = this.waiting.splice(0);
    for (const { go } of going) go();
    await until(() => going.every(({ response }) => response.writableFinished || response.destroyed));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url } = request;
    const body = method === 'POST' ? { body: await buffer(request) } : {};
    if (method === 'POST') this.writes += 1;
    if (method === this.holding.method && this.holding.left-- > 0)
      await new Promise<void>((go) => this.waiting.push({ go, response }));
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${this.target}${url}`, { method, headers, ...body });
      const type = answer.headers.get('content-type') ?? 'text/plain';
      response.writeHead(answer.status, { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  }
}

describe('in the middle of its work', () => {
  let lab: Lab;
  let apps: ClassOfApps;
  let gates: Gate[];
  let gateway: GatewayClient;
  const said: string[] = [];

  beforeAll(async () => {
    const env = {
      ...{ ADMIN_TOKEN: 'a-token-for-tests-that-is-long-enough-0123456789', ADMIN_PASSWORD: 'a password for tests' },
      ...{ PORT: '0', FILL_ITERATIONS: '2', FILL_DRIVER: 'http' },
      ...{ FILL_INTERVAL_SECONDS: '86400', COMPARE_INTERVAL_SECONDS: '86400' },
    };
    const aloud = { LOG_LEVEL: 'warn' };
    lab = await Lab.start({ env, envOf: { filler: aloud, comparator: aloud } });
    apps = await ClassOfApps.start(lab, { One: [], Two: [] }, []);
    gates = await Promise.all([...apps.students.values()].map(({ url }) => new Gate(url).open()));
    for (const { port } of gates) for (const name of services) lab.plan[name]['EGRESS_ALLOW'] += `,127.0.0.1:${port}`;
    await Promise.all((['gateway', 'submission', 'leaderboard'] as const).map((name) => lab.host(name)));
    await Promise.all(
      (['filler', 'comparator'] as const).map((name) => lab.spawn(name, '', (line) => said.push(line))),
    );
    gateway = await GatewayClient.of(lab);
    await gateway.staff('PATCH', '/api/v1/automation', { fill: { on: false } });
    for (const [index, name] of [...apps.students.keys()].entries())
      await gateway.visitor('POST', '/api/v1/apps', { name, url: `http://127.0.0.1:${gates[index]!.port}` });
  });
  afterAll(async () => {
    gates?.forEach((gate) => gate.close());
    await lab?.stop();
    await apps?.stop();
  });

  /** At every gate more requests wait than so many. */
  const someWait = (than: readonly number[] = gates.map(() => 0)) =>
    until(() => gates.every(({ waiting }, index) => waiting.length > than[index]!));
  const letGo = () => Promise.all(gates.map((gate) => gate.letGo()));

  /** A fill whose first write to each app is on its way. */
  async function beginFill(): Promise<void> {
    gates.forEach((gate) => (gate.hold('POST', 1), (gate.writes = 0)));
    expect((await gateway.staff('POST', '/api/v1/fills')).status).toBe(202);
    await someWait();
  }

  /** A second instance, asleep: the first one reads the events and has all the work. */
  async function addSecond(service: ServiceName): Promise<void> {
    await lab.settle();
    const second = await lab.spawn(service);
    await lab.settle();
    second.signal('SIGSTOP');
  }

  const claims = async (service: ServiceName, are: string): Promise<number> =>
    (await lab.query(service, `select 1 from work where ${are}`)).length;

  /**
   * The first instance stops, its leases end, and the second one wakes up. Returned is how the first one goes on, to where it has
   * noticed that it holds nothing any more.
   */
  async function handOver(service: ServiceName): Promise<() => Promise<void>> {
    const [first, second] = lab.alive(service);
    await until(async () => (await claims(service, 'lease_until is not null')) === gates.length);
    first!.signal('SIGSTOP');
    await lab.query(service, 'update work set lease_until = clock_timestamp() where lease_until is not null');
    second!.signal('SIGCONT');
    const before = said.length;
    return async () => {
      first!.signal('SIGCONT');
      await until(() => said.slice(before).filter((line) => line.includes(claimLost)).length === gates.length);
    };
  }

  async function newestFill() {
    const sql = 'select fill_id as id, closed_at is not null as closed from fill order by number desc limit 1';
    return (await lab.query<{ id: string; closed: boolean }>('filler', sql))[0]!;
  }

  /** What only time brings need not be waited for: the next look, and the age at which what is not there is unknown for good. */
  const untilClosed = () =>
    until(async () => {
      await lab.query('filler', `update work set due_at = now() where kind = 'fill-http' and lease_until is null`);
      await lab.query('filler', `update write_log set sent_at = sent_at - interval '1 minute' where state = 'sent'`);
      return (await newestFill()).closed;
    });

  /** How often an app holds what carries a marker; numbers are their own. */
  async function held(database: string): Promise<Map<string, number>> {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const { rows } = await client.query<{ marker: string; times: number }>(
      `select coalesce(substring(text from '~[0-9a-z]{10}'), '#' || text) as marker, count(*)::int as times
       from (select text from entries union all select note from moods union all select number::text from "values") as row (text)
       group by 1`,
    );
    await client.end();
    return new Map(rows.map(({ marker, times }) => [marker, times]));
  }

  /** Every write has left once and ended once, as its app and everybody else have been told, and the fill has ended once. */
  async function expectTruth(): Promise<void> {
    await lab.settle({ workWithinMs: 15_000 });
    const { id } = await newestFill();
    const told = async (name: string) => {
      const sql = `select body from outbox where name = $1 and body::json->>'fillId' = $2`;
      const rows = await lab.query<{ body: string }>('filler', sql, [name, id]);
      return rows.map(({ body }) => JSON.parse(body) as InputOf<typeof TargetFilled>);
    };
    const filled = await told('TargetFilled');
    expect(filled.map(({ targetName }) => targetName).toSorted()).toEqual(['One', 'Two', 'baseline']);
    expect(await told('FillClosed')).toHaveLength(1);
    for (const { targetId, targetName, writes } of filled) {
      const log = await lab.query<{ marker: string; outcome: string }>(
        'filler',
        'select marker, state as outcome from write_log where fill_id = $1 and target_id = $2 order by index',
        [id, targetId],
      );
      expect(writes.map(({ marker, outcome }) => ({ marker, outcome }))).toEqual(log);
      expect(log.filter(({ outcome }) => !/^(acknowledged|refused|unknown)$/.test(outcome))).toEqual([]);
      const rows = await held(apps.databases.get(targetName.toLowerCase())!);
      expect(log.filter(({ marker, outcome }) => outcome === 'acknowledged' && rows.get(marker) !== 1)).toEqual([]);
      expect([...rows].filter(([, times]) => times > 1)).toEqual([]);
    }
    expect(gates.map(({ writes }) => writes)).toEqual([writesPerApp, writesPerApp]);
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  }

  it('a comparator is stopped: the verdict is of the other, and there is one', async () => {
    await addSecond('comparator');
    gates.forEach((gate) => gate.hold('GET', Infinity));
    expect((await gateway.staff('POST', '/api/v1/fills')).status).toBe(202); // its end makes comparisons
    await someWait();
    const before = new Date().toISOString();
    const goOn = await handOver('comparator');
    // The second one looks too, and waits in its turn: so the first one comes back to claims that are another's.
    await someWait(gates.map(({ waiting }) => waiting.length));
    await until(async () => (await claims('comparator', 'lease_until > clock_timestamp()')) === gates.length);
    const [, second] = lab.alive('comparator');
    second!.signal('SIGSTOP');
    gates.forEach((gate) => gate.hold('GET', 0));
    await letGo();
    await goOn();
    const verdicts = () =>
      lab.query<{ looks: { at: string }[]; told: string[] }>(
        'comparator',
        `select looks, array(select name from outbox where body::json->>'comparisonId' = comparison_id::text) as told
         from comparison`,
      );
    expect((await verdicts()).map(({ told }) => told)).toEqual([[], []]);
    second!.signal('SIGCONT');
    await lab.settle({ workWithinMs: 15_000 });
    for (const { looks, told } of await verdicts()) {
      expect(told).toEqual(['ParityComputed']);
      expect(looks.map(({ at }) => at > before)).toEqual([true]);
    }
    expect(await lab.ledger()).toMatchObject({ lost: 0, duplicated: 0, phantom: 0, outOfOrder: 0 });
  });

  it('a filler is stopped: the other closes the fill, and answers that the first one gets then change nothing', async () => {
    await addSecond('filler');
    await beginFill();
    const goOn = await handOver('filler');
    await untilClosed();
    await letGo();
    await goOn();
    await expectTruth();
    const unknown = await lab.query('filler', `select 1 from write_log where state = 'unknown'`);
    expect(unknown).toHaveLength(gates.length);
  });

  it('Postgres is restarted, under the filler and the apps: the fill closes, and no write is sent twice', async () => {
    await beginFill();
    const restarted = lab.postgres.restart('SIGINT', 300);
    await gates[0]!.letGo(); // answered by an app that is without its database
    await restarted;
    await letGo();
    await untilClosed();
    await expectTruth();
  });
});
