// Opens a connection to a user-supplied host, and to nothing else: the literal, every resolved and the connected address are judged,
// and only judged addresses are dialled, so a name cannot change its mind between the check and the connect (rebinding).
// TLS is checked against the name, never the address; the client and the proxy both connect through here.
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { deadline, unlessAborted } from './deadline.js';
import { egressError, EgressError, type EgressCode } from './egress-code.js';
import { type EgressPolicy, type HostPort } from './egress-policy.js';
import { sameAddress } from './ip-address.js';
import type { NameResolver } from './resolver.js';

/** Addresses tried per connection; a name may list more, all of them are judged. */
const addressesDialledMax = 4;
/** Between two addresses of a name, as RFC 8305 §5 has it. */
const nextAddressMs = 250;

export interface PinnedConnectOptions {
  readonly policy: EgressPolicy;
  readonly resolver: NameResolver;
  /** Certificates in PEM that are trusted beside the usual roots, such as those of a lab's own authority. */
  readonly trustedCa?: readonly string[];
}

export interface OpenOptions {
  /** For TCP and TLS together; DNS has its own limit. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
  readonly tls: boolean;
  /** Called with the judged addresses before one of them is dialled; what it waits for counts neither for DNS nor for connecting. */
  readonly beforeDial?: (addresses: readonly string[]) => Promise<void>;
}

/** An open connection, already judged; nothing has been written to it. */
export interface PinnedSocket {
  readonly socket: Socket;
  readonly remoteAddress: string;
  readonly dnsMs: number;
  readonly connectMs: number;
}

export class PinnedConnect {
  private readonly options: PinnedConnectOptions;
  private readonly ca: string[] | undefined;

  constructor(options: PinnedConnectOptions) {
    this.options = options;
    this.ca = options.trustedCa ? [...rootCertificates, ...options.trustedCa] : undefined;
  }

  /**
   * Connects to `target`. Throws an EgressError before any byte was sent: `address-not-public`, `dns-*`, `connect-*`, `tls`,
   * `no-route`, `busy`; or the reason of `signal` when that aborts.
   */
  async open(target: HostPort, options: OpenOptions): Promise<PinnedSocket> {
    const startedAt = performance.now();
    const addresses = await this.addresses(target, options.signal);
    const dnsMs = performance.now() - startedAt;
    await options.beforeDial?.(addresses);
    const dialledAt = performance.now();
    const late = () => egressError('connect-timeout', `${target.host}:${target.port}`);
    const limit = deadline(options.connectMs, late, [options.signal]);
    try {
      const tcp = await this.dial(target, addresses, limit.signal);
      const socket = options.tls ? await this.secure(tcp, target.host, limit.signal) : tcp;
      const connectMs = performance.now() - dialledAt;
      return { socket, remoteAddress: tcp.remoteAddress ?? '', dnsMs, connectMs };
    } finally {
      limit.clear();
    }
  }

  private async addresses(target: HostPort, signal: AbortSignal): Promise<readonly string[]> {
    const { policy, resolver } = this.options;
    const addresses =
      policy.fixedAddresses(target.host) ?? (await unlessAborted(resolver.resolve(target.host), signal));
    for (const address of addresses) {
      // One bad answer refuses the host: otherwise the order of the answers would decide where we go.
      const refusal = policy.judge(target, address);
      if (refusal) throw new EgressError(refusal);
    }
    return addresses.slice(0, addressesDialledMax);
  }

  private async dial({ host, port }: HostPort, addresses: readonly string[], signal: AbortSignal): Promise<Socket> {
    const list = addresses.map((address) => ({ address, family: isIP(address) }));
    const [first] = list;
    if (!first) throw egressError('dns-not-found', host);
    const lookup: LookupFunction = (_host, { all }, done) =>
      all ? done(null, list) : done(null, first.address, first.family);
    const several = { autoSelectFamily: list.length > 1, autoSelectFamilyAttemptTimeout: nextAddressMs };
    const socket = connectTcp({ host, port, lookup, noDelay: true, ...several });
    await opened(socket, 'connect', signal, connectError);
    const reached = socket.remoteAddress ?? '';
    if (!addresses.some((address) => sameAddress(address, reached))) {
      socket.destroy();
      throw egressError('address-not-public', `${host} connected to ${reached}, which was not checked`);
    }
    // On loopback a port of the ephemeral range can be connected to itself and would echo our own request.
    if (socket.localPort === port && socket.localAddress === reached) {
      socket.destroy();
      throw egressError('connect-refused', `${host}:${port}`);
    }
    return socket;
  }

  private async secure(tcp: Socket, host: string, signal: AbortSignal): Promise<Socket> {
    // RFC 6066 §3 allows no address as server name.
    const name = isIP(host) ? {} : { servername: host };
    const socket = connectTls({
      socket: tcp,
      host,
      ...name,
      ca: this.ca,
      ALPNProtocols: ['http/1.1'],
      minVersion: 'TLSv1.2',
    });
    await opened(socket, 'secureConnect', signal, (error) => egressError('tls', codeOf(error), error));
    return socket;
  }
}

/** Waits for `event`; an error or abort destroys the socket and throws. */
async function opened(
  socket: Socket,
  event: string,
  signal: AbortSignal,
  toError: (error: Error) => Error,
): Promise<void> {
  await new Promise<void>((done, fail) => {
    const abort = () => socket.destroy(signal.reason as Error);
    const closed = () => {
      signal.removeEventListener('abort', abort);
      fail(toError(new Error('closed')));
    };
    socket.once(event, () => {
      signal.removeEventListener('abort', abort);
      socket.removeListener('close', closed);
      done();
    });
    // Stays for the life of the socket: an error between two owners must not end the process; `close` tells the next owner.
    socket.on('error', (error) => fail(error === signal.reason ? error : toError(error)));
    socket.once('close', closed);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}

const connectCodes: Readonly<Record<string, EgressCode>> = {
  ECONNREFUSED: 'connect-refused',
  ETIMEDOUT: 'connect-timeout',
  ENETUNREACH: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  EMFILE: 'busy',
  ENFILE: 'busy',
  ENOBUFS: 'busy',
  ENOMEM: 'busy',
};

function connectError(error: Error): EgressError {
  // With several addresses Node reports all attempts together; the first that is the app's doing is the one to tell.
  const all = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  const codes = all.map((one) => connectCodes[codeOf(one)] ?? 'connect-failed');
  const told = codes.find((code) => code !== 'no-route') ?? codes[0] ?? 'connect-failed';
  return egressError(told, codeOf(all[codes.indexOf(told)] ?? error), error);
}

const codeOf = (error: Error) => (error as NodeJS.ErrnoException).code ?? error.message;
