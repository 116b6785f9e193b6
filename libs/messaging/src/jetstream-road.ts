import { AckPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.js';
import { fromMessage } from './envelope.js';
import type { Arrival } from './shelf.js';
import { streamOf } from './subjects.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { pause } from '#libs/replication/src/lock-keeper.js';

export interface RoadEnds {
  readonly bus: Bus;
  /** The consuming service; its durable carries its name. */
  readonly reader: string;
  readonly producer: string;
  readonly logger: Logger;
  /** Resolves when more may be brought. */
  room(): Promise<void>;
  take(arrival: Arrival): void;
}

/** Messages of one pull. The next is made when the reader has room: so a slow reader leaves the rest to the broker. */
const pulledMax = 250;
const pullMs = 5_000;
const heartbeatMs = 1_000;
/** Enough for one pull, the reader's shelf and what is being applied; the broker sends no more. */
const unacknowledgedMax = 4_000;
const ackWaitMs = 30_000;
const retryMs = 500;

/**
 * The fast road from one producer's stream to one reader: an unfiltered durable, pulled.
 * It makes itself again when the stream, the durable or the whole broker was replaced. What it loses meanwhile, the reader replays.
 */
export class JetStreamRoad {
  private pull: ConsumerMessages | undefined;
  private mustRestart = false;

  constructor(private readonly ends: RoadEnds) {}

  /** Runs until aborted, and then ends at once: what a broker that is away was still asked is not waited for. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const stopListening = this.ends.bus.onReconnect(() => this.restart());
    const aborted = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
    while (!signal.aborted) {
      await Promise.race([this.travelOnce(signal), aborted]);
      await pause(retryMs, signal);
    }
    this.pull?.stop();
    stopListening();
  }

  private async travelOnce(signal: AbortSignal): Promise<void> {
    try {
      await this.ensureDurable();
      if (!signal.aborted) await this.travel(signal);
    } catch (error) {
      this.ends.logger.debug({ err: error, producer: this.ends.producer }, 'stream not readable yet');
    }
  }

  /** Ends the present pull; `run` sets everything up again. For when rows were missing that the stream should have brought. */
  restart(): void {
    this.mustRestart = true;
    this.pull?.stop();
  }

  /** A pull that misses the broker's heartbeats throws: it may be talking to a durable that is gone. */
  private async travel(signal: AbortSignal): Promise<void> {
    const { bus, producer, reader } = this.ends;
    const consumer = await bus.js.consumers.get(streamOf(producer), reader);
    this.mustRestart = false;
    for (;;) {
      await this.ends.room();
      if (this.mustRestart || signal.aborted) return;
      this.pull = await consumer.fetch({ max_messages: pulledMax, expires: pullMs, idle_heartbeat: heartbeatMs });
      if (signal.aborted) this.pull.stop();
      for await (const message of this.pull) this.receive(message);
    }
  }

  private receive(message: JsMsg): void {
    const envelope = fromMessage(message.headers, message.string(), this.ends.producer);
    if (envelope) return this.ends.take({ ...envelope, replayed: false, ack: () => message.ack() });
    this.ends.logger.warn(
      { subject: message.subject, seq: message.seq },
      'a foreign message in the stream, passed over',
    );
    message.term();
  }

  /**
   * A durable whose floor lies beyond the stream's end belongs to a stream that has lost its tail: the broker would give
   * it nothing until the numbers have grown past the floor, silently. Such a durable is made anew.
   */
  private async ensureDurable(): Promise<void> {
    const { bus, producer, reader } = this.ends;
    const manager = await bus.manager();
    const stream = streamOf(producer);
    const { state } = await manager.streams.info(stream);
    const durable = await manager.consumers.info(stream, reader).catch((error: unknown) => {
      if (/not found/i.test(String(error))) return undefined;
      throw error;
    });
    if (durable && durable.ack_floor.stream_seq <= state.last_seq && durable.delivered.stream_seq <= state.last_seq)
      return;
    if (durable) await manager.consumers.delete(stream, reader);
    await manager.consumers.add(stream, {
      durable_name: reader,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ackWaitMs * 1e6,
      max_ack_pending: unacknowledgedMax,
      max_deliver: -1,
    });
  }
}
