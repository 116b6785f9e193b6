// Connections to apps. Each is one undici Client around one socket that was opened and judged before (pinned-connect.ts).
// A Client never opens a second socket: undici would otherwise reconnect and send a request again by itself.
import { Client } from 'undici';
import { headerBytesMax, type ClientLimits } from './egress-limits.js';
import type { PinnedSocket } from './pinned-connect.js';
import { SocketPortions } from './socket-portions.js';

export interface Connection extends PinnedSocket {
  readonly client: Client;
  readonly portions: SocketPortions;
  readonly openedAt: number;
  /** Whether it has carried a request before this one. */
  reused: boolean;
}

/** Makes a connection of an open socket. */
export function connectionOf(origin: string, pinned: PinnedSocket, { idleMs }: ClientLimits): Connection {
  let handedOver = false;
  const client = new Client(origin, {
    connect: (_options, done) => {
      const first = !handedOver;
      handedOver = true;
      // undici ignores an answer given within its own call.
      queueMicrotask(() =>
        first ? done(null, pinned.socket) : done(new Error('closed before anything was sent'), null),
      );
    },
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: headerBytesMax,
    // Our own clock (exchange.ts) is total and exact; undici's are refreshed by every 1xx or byte.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
  });
  const portions = new SocketPortions(pinned.socket);
  return { ...pinned, client, portions, openedAt: performance.now(), reused: false };
}

interface Idle {
  readonly origin: string;
  readonly connection: Connection;
  readonly gone: () => void;
}

/** Keeps connections for reuse: for a short while, few in all; the one that was idle longest gives way. */
export class ConnectionPool {
  private readonly limits: ClientLimits;
  /** In the order in which they became idle. */
  private readonly idle = new Set<Idle>();
  private readonly byOrigin = new Map<string, Idle[]>();

  constructor(limits: ClientLimits) {
    this.limits = limits;
  }

  /** Takes the connection of this origin that was used last, or `undefined`. */
  take(origin: string): Connection | undefined {
    for (let kept = this.byOrigin.get(origin)?.at(-1); kept; kept = this.byOrigin.get(origin)?.at(-1)) {
      this.remove(kept);
      const { connection } = kept;
      const young = performance.now() - connection.openedAt < this.limits.connectionMsMax;
      if (young && usable(connection)) {
        connection.reused = true;
        return connection;
      }
      discard(connection);
    }
    return undefined;
  }

  /** Gives back a connection whose exchange ended well; undici closes it when it has been idle for `idleMs`. */
  keep(origin: string, connection: Connection): void {
    if (!usable(connection)) return discard(connection);
    const gone = () => this.remove(kept);
    const kept: Idle = { origin, connection, gone };
    this.idle.add(kept);
    this.byOrigin.set(origin, [...(this.byOrigin.get(origin) ?? []), kept]);
    connection.socket.once('close', gone);
    const [oldest] = this.idle;
    if (oldest && this.idle.size > this.limits.idleConnectionsMax) this.drop(oldest);
  }

  get idleConnections(): number {
    return this.idle.size;
  }

  close(): void {
    for (const kept of [...this.idle]) this.drop(kept);
  }

  private drop(kept: Idle): void {
    this.remove(kept);
    discard(kept.connection);
  }

  private remove(kept: Idle): void {
    if (!this.idle.delete(kept)) return;
    kept.connection.socket.off('close', kept.gone);
    const left = (this.byOrigin.get(kept.origin) ?? []).filter((one) => one !== kept);
    if (left.length > 0) this.byOrigin.set(kept.origin, left);
    else this.byOrigin.delete(kept.origin);
  }
}

/** Closes at once; what was in flight fails. */
export function discard({ client, socket }: Connection): void {
  socket.destroy();
  void client.destroy();
}

const usable = ({ client, socket }: Connection) => !client.destroyed && !socket.destroyed && socket.writable;
