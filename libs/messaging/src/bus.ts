import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
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

  manager(): Promise<JetStreamManager> {
    return jetstreamManager(this.connection, { checkAPI: false, timeout: 5_000 });
  }

  /** Called each time the connection is back: the broker may be another one, and empty. */
  onReconnect(listener: () => void): () => void {
    this.reconnectListeners.add(listener);
    return () => void this.reconnectListeners.delete(listener);
  }

  async drain(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.drain();
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.online = false;
      if (status.type === 'reconnect') {
        this.online = true;
        this.logger.info('broker is back');
        for (const listener of this.reconnectListeners) listener();
      }
      if (status.type === 'error') this.logger.warn({ err: status.error }, 'broker refused something');
    }
  }
}
