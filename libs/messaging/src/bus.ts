import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '#libs/platform/src/logger.js';
import { inboxPrefix } from './subjects.js';

export interface BusSettings {
  readonly service: string;
  /** nats://user:password@host:port */
  readonly url: string;
  readonly logger: Logger;
}

/** One connection per service, for events and requests alike. It reconnects for ever: a broker that is away is latency, not an error. */
export class Bus {
  readonly js: JetStreamClient;
  private readonly reconnectListeners = new Set<() => void>();

  private constructor(
    readonly connection: NatsConnection,
    private readonly logger: Logger,
  ) {
    this.js = jetstream(connection, { timeout: 5_000 });
    void this.watch();
    void connection.closed().then((error) => this.noteEnd(error ?? undefined));
  }

  /** The connection has ended for good, and not by us: the service can do nothing any more and should be started again. */
  get isDead(): boolean {
    return this.dead;
  }
  private dead = false;
  private closing = false;

  private noteEnd(error: Error | undefined): void {
    if (this.closing) return;
    this.dead = true;
    this.logger.fatal({ err: error }, 'the connection to the broker has ended for good');
  }

  static async connect({ service, url, logger }: BusSettings): Promise<Bus> {
    const { hostname, port, username, password } = new URL(url);
    const connection = await connect({
      servers: `${hostname}:${port || 4222}`,
      ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
      name: service,
      inboxPrefix: inboxPrefix(service),
      timeout: 5_000,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true, // a broker whose passwords are being changed is away, not gone
      reconnectTimeWait: 250,
      reconnectJitter: 100,
      pingInterval: 5_000,
      maxPingOut: 2,
      noAsyncTraces: true,
    });
    return new Bus(connection, logger);
  }

  get connected(): boolean {
    return !this.connection.isClosed() && this.online;
  }
  private online = true;

  /** Counts the connections to the broker that were lost. The right to answer a request ends with the connection that brought it. */
  get losses(): number {
    return this.lost;
  }
  private lost = 0;

  manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { checkAPI: false, timeout: 5_000 });
  }

  /** Called each time the connection is back: the broker may be another one, and empty. */
  onReconnect(listener: () => void): () => void {
    this.reconnectListeners.add(listener);
    return () => void this.reconnectListeners.delete(listener);
  }

  /**
   * Calls `handle` for every message on `subject`; of the instances that listen with the same `queue`, one. What `handle` throws
   * is logged: thrown into the client it would end the reading of the connection. Returns how to stop; what has arrived is handled.
   */
  listen(subject: string, handle: (message: Msg) => unknown, queue?: string): () => Promise<void> {
    const guarded = async (error: Error | null, message: Msg) => {
      try {
        if (error) throw error;
        await handle(message);
      } catch (failure) {
        this.logger.warn({ err: failure, subject }, 'message not handled');
      }
    };
    const subscription = this.connection.subscribe(subject, {
      ...(queue ? { queue } : {}),
      callback: (error, message) => void guarded(error, message),
    });
    return () => subscription.drain();
  }

  /** Sends what is still to be sent and closes; while the broker is away there is nobody to send it to. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.connection.isClosed()) return;
    try {
      if (this.connected) await this.connection.drain();
    } catch (error) {
      this.logger.debug({ err: error }, 'the broker went away while we took our leave');
    } finally {
      await this.connection.close();
    }
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.online = false;
        this.lost += 1;
      }
      if (status.type === 'reconnect') {
        this.online = true;
        this.logger.info('broker is back');
        for (const listener of this.reconnectListeners) listener();
      }
      if (status.type === 'error') this.logger.warn({ err: status.error }, 'broker refused something');
    }
  }
}
