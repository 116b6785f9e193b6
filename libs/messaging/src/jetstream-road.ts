import { AckPolicy, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.js';
import { fromMessage, type Envelope } from './envelope.js';
import { streamOf } from './subjects.js';
import type { Logger } from '#libs/platform/src/logger.js';
import { pause } from '#libs/replication/src/lock-keeper.js';

export interface Arrival extends Envelope {
  /** Tells the broker that this one is done with. Harmless when the broker has forgotten it. */
  ack(): void;
}

export interface RoadEnds {
  readonly bus: Bus;
  /** The consuming service; its durable carries its name. */
  readonly reader: string;
  readonly producer: string;
  readonly logger: Logger;
}

/** Unacknowledged messages that a reader holds at most: two batches under way and two waiting. */
const pendingMax = 2_000;
const ackWaitMs = 30_000;
const retryMs = 500;

/**
 * The fast road from one producer's stream to one reader: an unfiltered durable, pulled.
 * It makes itself again when the stream, the durable or the whole broker was replaced. What it loses meanwhile, the reader replays.
 */
export class JetStreamRoad {
  private messages: ConsumerMessages | undefined;
  private restarting = false;

  private readonly bus: Bus;
  private readonly reader: string;
  private readonly producer: string;
  private readonly logger: Logger;

  constructor(
    ends: RoadEnds,
    private readonly arrived: (arrival: Arrival) => void,
  ) {
    ({ bus: this.bus, reader: this.reader, producer: this.producer, logger: this.logger } = ends);
  }

  /** Runs until aborted; never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const stopListening = this.bus.onReconnect(() => void this.restart());
    const stop = () => void this.messages?.stop();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        try {
          await this.ensureDurable();
          await this.consume(signal);
        } catch (error) {
          this.logger.debug({ err: error, producer: this.producer }, 'stream not readable yet');
        }
        await pause(retryMs, signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stopListening();
    }
  }

  /** Ends the present pull; `run` sets everything up again. For when rows were missing that the stream should have brought. */
  async restart(): Promise<void> {
    if (this.restarting) return;
    this.restarting = true;
    try {
      await this.messages?.close();
    } finally {
      this.restarting = false;
    }
  }

  private async consume(signal: AbortSignal): Promise<void> {
    const consumer = await this.bus.js.consumers.get(streamOf(this.producer), this.reader);
    const messages = await consumer.consume({
      max_messages: pendingMax,
      expires: 5_000,
      idle_heartbeat: 1_000,
      abort_on_missing_resource: true,
    });
    this.messages = messages;
    if (signal.aborted) messages.stop();
    void this.watch(messages);
    for await (const message of messages) this.receive(message);
  }

  private receive(message: JsMsg): void {
    const envelope = fromMessage(message.headers, message.string(), this.producer);
    if (envelope) this.arrived({ ...envelope, ack: () => message.ack() });
    else {
      this.logger.warn({ subject: message.subject, seq: message.seq }, 'a foreign message in the stream, passed over');
      message.term();
    }
  }

  /** A pull that has not been heard of may be talking to a durable that is gone. */
  private async watch(messages: ConsumerMessages): Promise<void> {
    for await (const status of messages.status()) {
      const gone = ['consumer_deleted', 'consumer_not_found', 'stream_not_found', 'no_responders'].includes(
        status.type,
      );
      const silent = status.type === 'heartbeats_missed' && status.count >= 2;
      if ((gone || silent) && this.bus.connected) {
        this.logger.debug({ status: status.type, producer: this.producer }, 'pull starts again');
        await this.restart();
      }
    }
  }

  /**
   * A durable whose floor lies beyond the stream's end belongs to a stream that has lost its tail: the broker would give
   * it nothing until the numbers have grown past the floor, silently. Such a durable is made anew.
   */
  private async ensureDurable(): Promise<void> {
    const manager = await this.bus.manager();
    const stream = streamOf(this.producer);
    const { state } = await manager.streams.info(stream);
    const durable = await manager.consumers.info(stream, this.reader).catch((error: unknown) => {
      if (/not found/i.test(String(error))) return undefined;
      throw error;
    });
    if (durable && durable.ack_floor.stream_seq <= state.last_seq && durable.delivered.stream_seq <= state.last_seq)
      return;
    if (durable) await manager.consumers.delete(stream, this.reader);
    await manager.consumers.add(stream, {
      durable_name: this.reader,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ackWaitMs * 1e6,
      max_ack_pending: pendingMax * 2,
      max_deliver: -1,
    });
  }
}
