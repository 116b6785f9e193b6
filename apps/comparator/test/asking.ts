import type { NatsConnection } from '@nats-io/transport-node';
import type { CompareApps, ComparisonDetail, GetBatch } from '#libs/contracts/src/comparator.js';
import type { ReplyOf } from '#libs/contracts/src/contract.js';
import type { Answer } from '#libs/messaging/src/requests.js';
import { subject } from '#libs/messaging/src/subjects.js';
import type { Lab } from '#libs/testing/src/lab.js';
import { until } from '#libs/testing/src/settle.js';

export type Batch = ReplyOf<typeof GetBatch>;

/** Asks the comparator as the gateway would, and waits for what it asked for. */
export class Asking {
  private constructor(
    private readonly lab: Lab,
    private readonly gateway: NatsConnection,
  ) {}

  static start = async (lab: Lab): Promise<Asking> => new Asking(lab, await lab.connectAs('gateway'));

  stop = (): Promise<void> => this.gateway.close();

  async ask<Reply>(name: string, data: object): Promise<Reply> {
    const reply = await this.gateway.request(subject.ask('comparator', name), JSON.stringify(data), { timeout: 5_000 });
    const answer = reply.json<Answer>();
    if ('problem' in answer) throw new Error(`${answer.problem.type}: ${answer.problem.detail}`);
    return answer.ok as Reply;
  }

  begin(appIds: readonly string[]): Promise<ReplyOf<typeof CompareApps>> {
    return this.ask('CompareApps', { apps: appIds });
  }

  /** Looks that wait for their time are made due; `between` is called before each of them. */
  ended(batchId: string, between: () => void = () => {}): Promise<Batch> {
    return until(async () => {
      const made = await this.lab.query(
        'comparator',
        `update work set due_at = clock_timestamp() where kind = 'comparison' and due_at > clock_timestamp() returning 1`,
      );
      if (made.length > 0) between();
      const batch = await this.ask<Batch>('GetBatch', { batchId });
      return batch.done === batch.total && batch;
    });
  }

  async detail(comparisonId: string): Promise<ComparisonDetail> {
    return (await this.ask<{ comparison: ComparisonDetail }>('GetComparison', { comparisonId })).comparison;
  }

  /** The verdict on each, in their order. */
  async compare(appIds: readonly string[], between?: () => void): Promise<ComparisonDetail[]> {
    const { batchId, comparisons } = await this.begin(appIds);
    await this.ended(batchId, between);
    const idOf = (appId: string) => comparisons.find((one) => one.appId === appId)!.comparisonId;
    return Promise.all(appIds.map((appId) => this.detail(idOf(appId))));
  }
}
