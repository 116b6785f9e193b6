import type { ServiceName } from '#libs/contracts/src/catalogue.js';
import { ParityComputed } from '#libs/contracts/src/comparator.js';
import type { EventContract, InputOf } from '#libs/contracts/src/contract.js';
import { FillClosed, TargetFilled } from '#libs/contracts/src/filler.js';
import { AppSubmitted, FillRequested } from '#libs/contracts/src/submission.js';
import type { Envelope } from '#libs/messaging/src/envelope.js';

/** What the leaderboard hears when `apps` apps are filled and compared `fills` times; the same at every call. One list per log. */
export function boardEvents({ apps, fills }: { apps: number; fills: number }): Envelope[][] {
  const submission = new Log('submission');
  const filler = new Log('filler');
  const comparator = new Log('comparator');
  const appIds = Array.from({ length: apps }, (_, index) => uuid(1, index));
  for (const [index, appId] of appIds.entries())
    submission.say(AppSubmitted, {
      appId,
      name: `App ${index}`,
      team: null,
      url: `https://app-${index}.example.org`,
      joinedAt: at(index),
    });
  for (let fill = 1; fill <= fills; fill += 1) {
    const fillId = uuid(2, fill);
    const targets = appIds.map((targetId, index) => ({
      targetId,
      role: 'app' as const,
      name: `App ${index}`,
      url: `https://app-${index}.example.org`,
    }));
    submission.say(FillRequested, {
      ...{ fillId, number: fill, seed: 'seed seed', reason: 'schedule', by: 'lockstep', mode: 'all', iterations: 1 },
      requestedAt: at(fill * 1_000),
      targets,
    });
    for (const [index, appId] of appIds.entries()) {
      filler.say(TargetFilled, filled({ fillId, fill, appId, index }));
      comparator.say(ParityComputed, compared({ fill, appId, index }));
    }
    filler.say(FillClosed, {
      fillId,
      number: fill,
      closedAt: at(fill * 1_000 + 500),
      filled: apps,
      partly: 0,
      givenUp: 0,
    });
  }
  return [submission.events, filler.events, comparator.events];
}

const filled = ({
  fillId,
  fill,
  appId,
  index,
}: {
  fillId: string;
  fill: number;
  appId: string;
  index: number;
}): InputOf<typeof TargetFilled> => ({
  ...{
    fillId,
    number: fill,
    targetId: appId,
    role: 'app',
    targetName: `App ${index}`,
    driver: 'http',
    outcome: 'filled',
    note: null,
  },
  endedAt: at(fill * 1_000 + index),
  writes: [0, 1, 2].map((write) => ({
    ...{
      writeId: uuid(3 + write, fill * 1_000 + index),
      index: write,
      marker: `m${fill}x${write}`,
      payload: { kind: 'value', value: 7 + write },
    },
    ...{
      outcome: (index + write) % 17 === 0 ? 'refused' : 'acknowledged',
      status: 200,
      reason: null,
      sentAt: at(0),
      answeredAt: at(1),
    },
  })),
});

const compared = ({
  fill,
  appId,
  index,
}: {
  fill: number;
  appId: string;
  index: number;
}): InputOf<typeof ParityComputed> => {
  const inSync = (index * 7 + fill) % 5 !== 0;
  const endpoint = (path: string) => ({
    ...({
      path,
      label: path,
      verdict: inSync ? 'in-sync' : 'out-of-sync',
      matched: fill,
      missing: inSync ? 0 : 1,
    } as const),
    ...{ changed: 0, doubled: 0, outside: 3, note: null },
  });
  return {
    ...{ comparisonId: uuid(7, fill * 1_000 + index), batchId: uuid(8, fill), appId, trigger: 'schedule' },
    ...{ verdict: inSync ? 'in-sync' : 'out-of-sync', sentence: inSync ? 'In sync.' : 'One row is missing.' },
    endpoints: ['/api/journal/entries/all', '/api/moods/all', '/api/server/values/all', '/api/stats'].map(endpoint),
    ...{ rowsDifferent: inSync ? 0 : 4, acknowledged: fill * 3, lostAfterAck: inSync ? 0 : 4, looks: 1 },
    computedAt: at(fill * 1_000 + 700 + index),
  };
};

class Log {
  readonly events: Envelope[] = [];

  constructor(private readonly producer: ServiceName) {}

  say<C extends EventContract>(contract: C, data: InputOf<C>): void {
    const parsed = contract.schema.parse(data);
    const n = this.events.length + 1;
    this.events.push({
      ...{
        producer: this.producer,
        logId: uuid(10, this.producer.length),
        n,
        id: uuid(20 + this.producer.length, n),
        name: contract.name,
        key: contract.key(parsed),
      },
      body: JSON.stringify(parsed),
      traceparent: `00-${hex(n, 32)}-${hex(n, 16)}-01`,
      appendedAt: at(n),
    });
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const uuid = (kind: number, number: number): string => `${hex(kind, 8)}-0000-7000-8000-${hex(number, 12)}`;
const at = (ms: number): string => new Date(1_790_000_000_000 + ms).toISOString();
