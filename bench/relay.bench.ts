import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JetStreamManager } from '@nats-io/jetstream';
import { alternate, gate, median, report, spread } from './side-by-side.js';
import { startNats } from '#libs/local/src/nats.js';
import { withUser } from '#libs/local/src/service-plan.js';
import { Bus } from '#libs/messaging/src/bus.js';
import { toHeaders } from '#libs/messaging/src/envelope.js';
import { Relay } from '#libs/messaging/src/relay.js';
import { streamOf, subject } from '#libs/messaging/src/subjects.js';
import { uuidv7 } from '#libs/messaging/src/uuid.js';
import type { Database } from '#libs/platform/src/database.js';
import { configureTracing } from '#libs/platform/src/telemetry/providers.js';
import { installTelemetry } from '#libs/platform/src/telemetry/install.js';
import { LockKeeper } from '#libs/replication/src/lock-keeper.js';
import { append, head, type LogRow } from '#libs/replication/src/numbered-log.js';
import { until } from '#libs/testing/src/settle.js';
import { quiet, TestDatabase } from '#libs/testing/src/test-database.js';

/**
 * The relay (number, publish in order, mark; traced as in a service; Postgres writes to disk) against bare pipelined JetStream
 * publishes of the same events with the same headers and window, to a stream of the same kind. Every turn ends with the stream
 * holding every event once and in order.
 */
const pairs = 7;
const eventCount = 20_000;
const window = 256;
const service = 'submission';
const name = 'AppSubmitted';
const body = JSON.stringify({ appId: uuidv7(), name: 'An app of the bench', url: 'https://app.example.org', note: 'x'.repeat(130) }); // prettier-ignore
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

async function main(): Promise<void> {
  installTelemetry();
  configureTracing(service, {});
  const dir = mkdtempSync(join(tmpdir(), 'lockstep-relay-bench-'));
  chmodSync(dir, 0o711);
  const user = { name: 'bench', password: 'bench', publish: ['>'], subscribe: ['>'] };
  const nats = await startNats({ dir, users: [user] });
  const server = await TestDatabase.start({ fsync: true });
  const bus = await Bus.connect({ service, url: withUser(nats.url, user), logger: quiet });
  try {
    const manager = await bus.manager();
    let runs = 0;
    const relayed = async () => relay(await server.open(`relay_${(runs += 1)}`), bus, manager);
    const { ones, others } = await alternate(pairs, relayed, () => publish(bus, manager));
    const measured = `${spread(ones)} against ${spread(others)} events/s, ${Buffer.byteLength(body)} bytes each`;
    report([gate('relay: of bare pipelined JetStream publish', median(ones) / median(others), 0.35, measured)]);
  } finally {
    await bus.close();
    await server.stop();
    await nats.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** From a log of committed rows to a full stream: events per second. */
async function relay(database: Database, bus: Bus, manager: JetStreamManager): Promise<number> {
  await emptyStream(manager);
  const entries = Array.from({ length: eventCount }, (_, index) => ({ id: uuidv7(), name, key: `key ${index}`, body, traceparent })); // prettier-ignore
  await database.transaction((tx) => append(tx, entries));
  const locks = new LockKeeper(database, quiet);
  const relay = new Relay({ service, bus, locks, logger: quiet });
  const began = performance.now();
  relay.start();
  await until(async () => (await head(database)).published >= eventCount, 60_000);
  const seconds = (performance.now() - began) / 1_000;
  await relay.stop();
  await locks.close();
  await mustHoldAll(bus, manager);
  return eventCount / seconds;
}

/** The same events, already numbered and in memory. */
async function publish(bus: Bus, manager: JetStreamManager): Promise<number> {
  await emptyStream(manager);
  const rows = Array.from({ length: eventCount }, (_, index): LogRow => ({ n: index + 1, id: uuidv7(), name, key: `key ${index}`, body, traceparent, appendedAt: new Date().toISOString() })); // prettier-ignore
  const destination = subject.event(service, name);
  let next = 0;
  const lane = async () => {
    for (let row = rows[next++]; row; row = rows[next++])
      await bus.js.publish(destination, row.body, { headers: toHeaders(row, service, uuidv7()) });
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: window }, lane));
  const seconds = (performance.now() - began) / 1_000;
  await mustHoldAll(bus, manager);
  return eventCount / seconds;
}

async function emptyStream({ streams }: JetStreamManager): Promise<void> {
  await streams.delete(streamOf(service)).catch(() => undefined); // there is none at first
  await streams.add({ name: streamOf(service), subjects: [subject.event(service, '>')] });
}

/** A fast wrong answer fails. */
async function mustHoldAll(bus: Bus, { streams }: JetStreamManager): Promise<void> {
  const { state } = await streams.info(streamOf(service));
  if (state.messages !== eventCount) throw new Error(`${state.messages} of ${eventCount} events arrived`);
  for (const seq of [1, eventCount / 2, eventCount]) {
    const message = await streams.getMessage(streamOf(service), { seq });
    if (Number(message?.header.get('lockstep-n')) !== seq) throw new Error(`number ${seq} is not in its place`);
  }
}

await main();
