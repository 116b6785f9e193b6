import { ClassOfApps } from '#libs/testing/src/class-of-apps.js';
import { GatewayClient } from '#libs/testing/src/gateway-client.js';
import { Lab } from '#libs/testing/src/lab.js';
import { freshSeed, seededRandom } from '#libs/testing/src/seeded-random.js';
import { until } from '#libs/testing/src/settle.js';
import type { CompareApps, ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf, ReplyOf } from '#libs/contracts/src/contract.js';
import type { GetFill } from '#libs/contracts/src/filler.js';
import { subject } from '#libs/messaging/src/subjects.js';

/**
 * Faithful apps through everything that is real: all services, fills over HTTP, egress, worker, the judge's process and the bus, while
 * fills go on all the time and strangers write rows of their own: `./lockstep soak http --comparisons 1000`. Verdicts are those
 * heard on the bus. Allowed are `in-sync`, `pending` (nobody is blamed), and `unknown` where our own side failed; anything else is a
 * false verdict and ends with 1, and so does what has not made its comparisons in time. SEED repeats the strangers' choices.
 */
const students = 20;
const wrongShown = 20;
const roundMsMax = 120_000;
const seed = freshSeed();
const random = seededRandom(seed);
const env = {
  ADMIN_TOKEN: 'a-token-for-the-soak-that-is-long-enough-012345',
  ADMIN_PASSWORD: 'a password for the soak',
  PORT: '0',
  FILL_DRIVER: 'http',
  FILL_ITERATIONS: '2',
  FILL_INTERVAL_SECONDS: '86400',
  COMPARE_INTERVAL_SECONDS: '86400',
};

interface Wrong {
  readonly appId: string;
  readonly verdict: string;
  readonly sentence: string;
}
type Heard = Wrong & { readonly comparisonId: string; readonly side?: DataOf<typeof ComparisonFailed>['side'] };

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

class Soak {
  private readonly heard = new Map<string, Heard>();
  private readonly verdicts: Record<string, number> = {};
  private readonly wrong: Wrong[] = [];
  private isOver = false;
  private comparisons = 0;
  private fills = 0;
  private strangers = 0;

  private constructor(
    private readonly lab: Lab,
    private readonly apps: ClassOfApps,
    private readonly gateway: GatewayClient,
  ) {}

  static async start(): Promise<Soak> {
    const lab = await Lab.start({ env });
    const names = Array.from({ length: students }, (_, i) => `Faithful ${i + 1}`);
    const apps = await ClassOfApps.start(lab, Object.fromEntries(names.map((name) => [name, []])));
    const soak = new Soak(lab, apps, await GatewayClient.of(lab));
    await soak.listen();
    mustBe(200, await soak.gateway.staff('PATCH', '/api/v1/automation', { fill: { on: false } }));
    for (const { name, url } of apps.students.values())
      mustBe(201, await soak.gateway.visitor('POST', '/api/v1/apps', { name, url }));
    await soak.fillOnce();
    return soak;
  }

  async run(wanted: number, secondsMax: number): Promise<boolean> {
    const end = performance.now() + secondsMax * 1_000;
    const others = Promise.all([this.keepFilling(), this.keepWriting()]).finally(() => (this.isOver = true));
    others.catch(() => undefined); // it is awaited below
    try {
      while (!this.isOver && this.comparisons < wanted && performance.now() < end) await this.round();
    } finally {
      this.isOver = true;
      await others;
    }
    const { comparisons, fills, strangers, verdicts } = this;
    const [falseOutOfSync, wrong] = [this.wrong.length, this.wrong.slice(0, wrongShown)];
    console.log(JSON.stringify({ seed, comparisons, wanted, falseOutOfSync, verdicts, apps: students, fills, strangers, wrong })); // prettier-ignore
    return falseOutOfSync === 0 && comparisons >= wanted;
  }

  async stop(): Promise<void> {
    await this.lab.stop();
    await this.apps.stop();
  }

  /** All apps, until each comparison is over in the comparator and its verdict was heard. */
  private async round(): Promise<void> {
    const asked = await this.gateway.staff<ReplyOf<typeof CompareApps>>('POST', '/api/v1/comparisons', { apps: 'all' });
    mustBe(202, asked);
    const ids = asked.body.comparisons.map(({ comparisonId }) => comparisonId);
    const decided = await until(async () => {
      const rows = await this.lab.query<{ id: string; verdict: string }>('comparator', `select comparison_id as id, verdict from comparison where comparison_id = any($1) and state = 'done'`, [ids]); // prettier-ignore
      return rows.length === ids.length && rows;
    }, roundMsMax);
    for (const { id, verdict } of decided) this.count(await until(() => this.of(id, verdict)));
    console.log(`${this.comparisons} comparisons · ${this.fills} fills · ${JSON.stringify(this.verdicts)} · ${this.wrong.length} wrong`); // prettier-ignore
  }

  /** What was heard of it, once that is what the comparator has written down. */
  private of(comparisonId: string, verdict: string): Heard | undefined {
    const heard = this.heard.get(comparisonId);
    return heard?.verdict === verdict ? heard : undefined;
  }

  private count({ appId, verdict, side, sentence }: Heard): void {
    this.comparisons += 1;
    this.verdicts[verdict] = (this.verdicts[verdict] ?? 0) + 1;
    const isRight = verdict === 'in-sync' || verdict === 'pending' || (verdict === 'unknown' && side === 'ours');
    if (isRight) return;
    this.wrong.push({ appId, verdict, sentence });
    console.log(`WRONG ${JSON.stringify(this.wrong.at(-1))}`);
  }

  private async listen(): Promise<void> {
    const bus = await this.lab.connectAs('operator');
    const hear = (message: { json<T>(): T }) => {
      const heard = message.json<DataOf<typeof ParityComputed> | DataOf<typeof ComparisonFailed>>();
      this.heard.set(heard.comparisonId, { verdict: 'unknown', ...heard });
    };
    for (const name of ['ParityComputed', 'ComparisonFailed'])
      bus.subscribe(subject.event('comparator', name), { callback: (_error, message) => hear(message) });
    await bus.flush();
  }

  private async keepFilling(): Promise<void> {
    while (!this.isOver) {
      await this.fillOnce();
      await pause(random() * 1_000);
    }
  }

  private async fillOnce(): Promise<void> {
    const { fillId } = await until(() => this.startFill(), roundMsMax);
    await until(async () => {
      const path = `/api/v1/fills/${fillId}`;
      return (await this.gateway.visitor<ReplyOf<typeof GetFill>>('GET', path)).body.fill?.closedAt;
    }, roundMsMax);
    this.fills += 1;
  }

  /** Nothing while the submission service has not heard that the fill before has closed. */
  private async startFill(): Promise<{ fillId: string } | undefined> {
    const started = await this.gateway.staff<{ fillId: string }>('POST', '/api/v1/fills');
    if (started.status === 409) return undefined;
    mustBe(202, started);
    return started.body;
  }

  /** Rows that nobody answers for, in the baseline and in apps. */
  private async keepWriting(): Promise<void> {
    const all = [this.apps.baseline, ...this.apps.students.values()];
    while (!this.isOver) {
      const { url } = all[Math.floor(random() * all.length)]!;
      const body = JSON.stringify({ text: `a stranger was here, ${(this.strangers += 1)}` });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/api/journal/entries`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      await pause(random() * 500);
    }
  }
}

function mustBe(status: number, answer: { readonly status: number; readonly body: unknown }): void {
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

const [, , secondsMax = '600', wanted = '1000'] = process.argv;
console.log(`SEED=${seed}`);
const soak = await Soak.start();
const isClean = await soak.run(Number(wanted), Number(secondsMax)).finally(() => soak.stop());
process.exit(isClean ? 0 : 1);
