import { randomUUID } from 'node:crypto';
import { Asking } from './asking.js';
import { FakeApp } from './fake-app.js';
import { COMPARATOR_CONFIG } from '../src/comparator.config.js';
import type { History } from '../src/domain/obligation.js';
import { closed, filled, requested, submitted, type Student } from './lab-world.js';
import type { ComparisonDetail, ListSightings } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import { FillClosed, TargetFilled, type FillWrite } from '#libs/contracts/src/filler.js';
import { AppSubmitted, AppWithdrawn, FillRequested } from '#libs/contracts/src/submission.js';
import { Lab } from '#libs/testing/src/lab.js';
import { StandIn } from '#libs/testing/src/stand-in.js';

/** What a student's app does with the writes of a fill, and what it said; all of them by default. */
export interface Taker {
  readonly name: string;
  readonly writes: readonly FillWrite[];
  readonly keeps?: readonly FillWrite[];
}

/** The comparator alone, with real Postgres, NATS and judges, between a baseline and some apps; fills are what the test says they were. */
export class ComparatorLab {
  readonly baselineId = randomUUID();
  private readonly students = new Map<string, Student>();

  private constructor(
    private readonly lab: Lab,
    readonly baseline: FakeApp,
    private readonly said: { submission: StandIn; filler: StandIn; asking: Asking },
  ) {}

  static async start(names: readonly string[]): Promise<ComparatorLab> {
    const baseline = await FakeApp.start();
    const apps = await Promise.all(names.map(() => FakeApp.start()));
    const lab = await Lab.start({
      host: ['comparator'],
      env: {
        EGRESS_ALLOW: [baseline, ...apps].map((app) => app.allow).join(','),
        COMPARE_INTERVAL_SECONDS: '86400',
      },
    });
    const said = {
      submission: await StandIn.start(lab, 'submission'),
      filler: await StandIn.start(lab, 'filler'),
      asking: await Asking.start(lab),
    };
    const world = new ComparatorLab(lab, baseline, said);
    names.forEach((name, i) => world.students.set(name, { appId: randomUUID(), name, app: apps[i]!, joinedAt: '' }));
    return world;
  }

  /** As if the lab had been started with it. */
  setHistory(history: History): void {
    const service = this.lab.hosted.get('comparator') as unknown as { get(token: unknown): { history: History } };
    service.get(COMPARATOR_CONFIG).history = history;
  }

  async stop(): Promise<void> {
    await this.said.asking.stop();
    await this.said.submission.stop();
    await this.said.filler.stop();
    await this.lab.stop();
    for (const app of [this.baseline, ...[...this.students.values()].map(({ app }) => app)]) await app.stop();
  }

  app = (name: string): FakeApp => this.students.get(name)!.app;
  query = <Row extends object>(sql: string, parameters: unknown[] = []) =>
    this.lab.query<Row>('comparator', sql, parameters);

  async join(name: string, joinedAt = new Date().toISOString()): Promise<void> {
    this.students.set(name, { ...this.students.get(name)!, joinedAt });
    await this.said.submission.say(AppSubmitted, submitted(this.students.get(name)!));
    await this.settled();
  }

  async withdraw(name: string): Promise<void> {
    const { appId } = this.students.get(name)!;
    await this.said.submission.say(AppWithdrawn, { appId, by: 'owner', at: new Date().toISOString() });
    await this.settled();
  }

  /** A fill from its request to its close: the baseline takes all writes, each app keeps what it keeps. */
  async fill(number: number, writes: readonly FillWrite[], takers: readonly Taker[]): Promise<void> {
    await this.request(number, takers);
    await this.end(number, writes, takers);
  }

  async request(number: number, takers: readonly Taker[]): Promise<void> {
    const targets = takers.map(({ name }) => this.students.get(name)!);
    const request = requested(number, this.baseline, targets, new Date().toISOString());
    const [{ targetId: _, ...baseline }, ...apps] = request.targets as [(typeof request.targets)[0]];
    await this.said.submission.say(FillRequested, { ...request, targets: [{ ...baseline, targetId: this.baselineId }, ...apps] }); // prettier-ignore
    await this.settled();
  }

  async end(number: number, writes: readonly FillWrite[], takers: readonly Taker[]): Promise<void> {
    const baseline = { appId: this.baselineId, name: 'baseline', app: this.baseline, joinedAt: '' };
    for (const { payload } of writes) this.baseline.take(payload);
    for (const { name, writes: own, keeps } of takers)
      for (const { payload } of keeps ?? own) this.app(name).take(payload);
    const parts = takers.map(({ name, writes: own }) => filled(number, this.students.get(name)!, own));
    await this.said.filler.say(TargetFilled, { ...filled(number, baseline, writes), role: 'baseline' }, ...parts);
    await this.said.filler.say(FillClosed, closed(number, parts.length + 1));
    await this.settled();
  }

  /** The verdict on each, in their order; `between` is called before each further look. */
  compare(names: readonly string[], between?: () => void): Promise<ComparisonDetail[]> {
    return this.said.asking.compare(
      names.map((name) => this.students.get(name)!.appId),
      between,
    );
  }

  /** As the gateway asks. */
  ask = <Reply>(name: string, data: object): Promise<Reply> => this.said.asking.ask<Reply>(name, data);

  /** All comparisons of a batch are over; looks that wait for their time are made due. */
  ended = (batchId: string) => this.said.asking.ended(batchId);

  sightings(name: string, wanted: object = {}): Promise<ReplyOf<typeof ListSightings>> {
    return this.said.asking.ask('ListSightings', { appId: this.students.get(name)!.appId, limit: 200, ...wanted });
  }

  /** The newcomers' comparisons and all others have ended. */
  private settled = () => this.lab.settle({ services: ['submission', 'filler', 'comparator'], deadlineMs: 15_000 });
}
