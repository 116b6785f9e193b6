import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Setting } from './round-apps.js';
import { bodiesOf, fills, writesMax, writesOf } from './round-rows.js';
import { Asking } from '#apps/comparator/test/asking.js';
import type { ComparisonFailed, ParityComputed } from '#libs/contracts/src/comparator.js';
import type { DataOf, EventContract, InputOf } from '#libs/contracts/src/contract.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import { AppSubmitted, FillRequested } from '#libs/contracts/src/submission.js';
import { subject } from '#libs/messaging/src/subjects.js';
import { Lab } from '#libs/testing/src/lab.js';
import { StandIn } from '#libs/testing/src/stand-in.js';
import { until } from '#libs/testing/src/settle.js';

export interface RoundApp {
  readonly appId: string;
  readonly url: string;
}

type Heard = { readonly at: number } & Partial<DataOf<typeof ParityComputed>> & DataOf<typeof ComparisonFailed>;

export interface Round {
  /** From the request to the last of the awaited verdicts on the bus. */
  readonly ms: number;
}

const roundMsMax = 240_000;
const eventsAtOnce = 200;

/**
 * The comparator as it is, in a process of its own, with real Postgres (which writes to disk), NATS, judges and egress; apps on
 * loopback in another process. Every app has acknowledged the same writes and shows them.
 */
export class RoundLab {
  /** By comparison: a verdict of the round before may come late. */
  private readonly heard = new Map<string, Heard>();
  private comparisonOf = new Map<string, string>();
  private listener: (() => void) | undefined;

  private constructor(
    private readonly lab: Lab,
    private readonly server: ChildProcess,
    private readonly operator: NatsConnection,
    private readonly asking: Asking,
    readonly baselineUrl: string,
    readonly allow: readonly string[],
    readonly apps: readonly RoundApp[],
  ) {}

  static async start(appCount: number): Promise<RoundLab> {
    const startedAt = Date.now();
    const server = fork(fileURLToPath(new URL('./round-apps.js', import.meta.url)));
    const bodies = { baseline: bodiesOf('baseline', startedAt), app: bodiesOf('app', startedAt) };
    const port = await set(server, { bodies, latencyMs: 0 });
    const addresses = Array.from({ length: appCount }, (_, i) => `127.1.${i >> 8}.${i & 255}:${port}`);
    const apps = addresses.map((address) => ({ appId: randomUUID(), url: `http://${address}` }));
    const [baseline, allow] = [`127.2.0.1:${port}`, [`127.2.0.1:${port}`, ...addresses]];
    const env = {
      EGRESS_ALLOW: allow.join(','),
      COMPARE_INTERVAL_SECONDS: '86400',
    };
    const lab = await Lab.start({ split: ['comparator'], fsync: true, env });
    const [operator, asking] = [await lab.connectAs('operator'), await Asking.start(lab)];
    const rounds = new RoundLab(lab, server, operator, asking, `http://${baseline}`, allow, apps);
    rounds.listen();
    await rounds.fill(startedAt);
    return rounds;
  }

  /** The comparator's own process; its judges are its children. */
  get pid(): number {
    return this.lab.alive('comparator')[0]!.pid;
  }

  async set(setting: Setting): Promise<void> {
    await set(this.server, setting);
  }

  /** Compares all of them; ends with the last verdict on the awaited ones, each of which must be in sync with all its rows. */
  async round(apps: readonly RoundApp[], awaited: readonly RoundApp[] = apps): Promise<Round> {
    this.heard.clear();
    const began = performance.now();
    const { comparisons } = await this.asking.begin(apps.map(({ appId }) => appId));
    this.comparisonOf = new Map(comparisons.map(({ appId, comparisonId }) => [appId, comparisonId]));
    await this.allHeard(awaited);
    const ended = awaited.map(({ appId }) => this.heardOf(appId)!);
    const wrong = ended.find(({ verdict, acknowledged }) => verdict !== 'in-sync' || acknowledged !== writesMax);
    if (wrong) throw new Error(`a good app was found ${wrong.verdict ?? 'unknown'}: ${wrong.sentence}`);
    return { ms: Math.max(...ended.map(({ at }) => at)) - began };
  }

  /** The verdicts when all is over: second looks take their time. */
  async idle(): Promise<ReadonlyMap<string, string>> {
    const open = `select 1 from comparison where state <> 'done' limit 1`;
    await until(async () => (await this.lab.query('comparator', open)).length === 0, roundMsMax);
    const rows = await this.lab.query<{ appId: string; verdict: string }>(
      'comparator',
      'select app_id as "appId", verdict from comparison where comparison_id = any($1)',
      [[...this.comparisonOf.values()]],
    );
    return new Map(rows.map(({ appId, verdict }) => [appId, verdict]));
  }

  async stop(): Promise<void> {
    await this.operator.close();
    await this.asking.stop();
    await this.lab.stop();
    this.server.disconnect();
  }

  private listen(): void {
    const hear = (data: Omit<Heard, 'at'>) => {
      this.heard.set(data.comparisonId, { ...data, at: performance.now() });
      this.listener?.();
    };
    for (const name of ['ParityComputed', 'ComparisonFailed'])
      this.operator.subscribe(subject.event('comparator', name), {
        callback: (_error, message) => hear(message.json()),
      });
  }

  /** `pending` may be followed by a second look. */
  private allHeard(awaited: readonly RoundApp[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const isOver = ({ appId }: RoundApp) => ![undefined, 'pending'].includes(this.verdictOn(appId));
      const end = (how: () => void) => {
        this.listener = undefined;
        clearTimeout(late);
        how();
      };
      let missing = awaited;
      const look = () => {
        if (missing[0] && !isOver(missing[0])) return;
        missing = missing.filter((app) => !isOver(app));
        if (missing.length === 0) end(resolve);
      };
      const late = setTimeout(() => end(() => reject(new Error(`no verdict on ${missing.length} apps in ${roundMsMax} ms`))), roundMsMax); // prettier-ignore
      this.listener = look;
      look();
    });
  }

  private heardOf = (appId: string): Heard | undefined => this.heard.get(this.comparisonOf.get(appId) ?? '');

  private verdictOn(appId: string): string | undefined {
    const heard = this.heardOf(appId);
    return heard && (heard.verdict ?? 'unknown');
  }

  /** Everything that the comparator hears of apps that joined and were filled; it compares them for the first time by itself. */
  private async fill(startedAt: number): Promise<void> {
    const [submission, filler] = [await StandIn.start(this.lab, 'submission'), await StandIn.start(this.lab, 'filler')];
    const joinedAt = new Date(startedAt - 3_600_000).toISOString();
    const requestedAt = new Date(startedAt - 1_800_000).toISOString();
    const baseline = { targetId: randomUUID(), role: 'baseline' as const, name: 'baseline', url: this.baselineUrl };
    const students = this.apps.map(({ appId, url }, i) => ({ targetId: appId, role: 'app' as const, name: `App ${i}`, url })); // prettier-ignore
    const targets = [baseline, ...students];
    await say(submission, AppSubmitted, students.map(({ targetId, name, url }) => ({ appId: targetId, name, team: null, url, joinedAt }))); // prettier-ignore
    const closing: InputOf<typeof FillClosed>[] = [];
    for (let number = 1; number <= fills; number += 1) {
      const fillId = randomUUID();
      const request = { seed: 'seed seed', reason: 'schedule', by: 'lockstep', mode: 'all', iterations: 16 } as const;
      await say(submission, FillRequested, [{ ...request, fillId, number, requestedAt, targets }]);
      const part = { fillId, number, driver: 'http', outcome: 'filled', note: null, endedAt: requestedAt } as const;
      const writes = () => writesOf(number, randomUUID, startedAt);
      await say(filler, TargetFilled, targets.map(({ targetId, role, name }) => ({ ...part, targetId, role, targetName: name, writes: writes() }))); // prettier-ignore
      const counts = { filled: targets.length, partly: 0, givenUp: 0 };
      closing.push({ fillId, number, closedAt: new Date(startedAt).toISOString(), ...counts });
    }
    await say(filler, FillClosed, closing);
    await this.lab.settle({ services: ['submission', 'filler', 'comparator'], deadlineMs: roundMsMax, workWithinMs: 15_000 }); // prettier-ignore
    await Promise.all([submission.stop(), filler.stop()]);
  }
}

async function say<C extends EventContract>(by: StandIn, contract: C, all: readonly InputOf<C>[]): Promise<void> {
  for (let from = 0; from < all.length; from += eventsAtOnce)
    await by.say(contract, ...all.slice(from, from + eventsAtOnce));
}

async function set(server: ChildProcess, setting: Setting): Promise<number> {
  server.send(setting);
  const [port] = (await once(server, 'message')) as [number];
  return port;
}
