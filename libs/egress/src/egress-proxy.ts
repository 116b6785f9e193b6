// The browser's only way out: a forward proxy on loopback, one per visit, that leads to the origins of that visit and nowhere else.
// Each visit has a port and a token of its own, so nothing in one page can use the way of another; without a matching origin
// nothing leaves, so even someone with the token can reach no more than the page could.
// Chromium needs --proxy-bypass-list=<-loopback>: by default it goes around any proxy to loopback and link-local addresses.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { egressError, EgressError, isRefusal } from './egress-code.js';
import type { EgressPolicy, HostPort } from './egress-policy.js';
import { PinnedConnect } from './pinned-connect.js';
import { proxyServer } from './proxy-server.js';
import {
  proxyUser,
  ProxyVisit,
  visitLimits,
  type RefusedVisit,
  type VisitLimits,
  type VisitUse,
} from './proxy-visit.js';
import { NameResolver } from './resolver.js';

export interface EgressProxyOptions {
  readonly policy: EgressPolicy;
  readonly resolver?: NameResolver;
  /** Told of an error that is a fault of this program; by default a process warning. */
  readonly onFault?: (error: unknown) => void;
}

/** An open way out: `http://127.0.0.1:<port>` as proxy of one context, and these credentials for its challenge (never for an app's). */
export interface OpenVisit {
  readonly port: number;
  readonly username: string;
  readonly token: string;
  /** The first 100 requests that got no answer of the app. */
  readonly refused: readonly RefusedVisit[];
  /** Aborted when the visit is over: closed, or its bytes, time or refusals are used up. */
  readonly ended: AbortSignal;
  readonly use: () => VisitUse;
  /** Closes every connection and the port. */
  readonly close: () => Promise<void>;
}

const visitsMax = 64;

export class EgressProxy {
  private readonly options: Required<EgressProxyOptions>;
  private readonly connect: PinnedConnect;
  private readonly open = new Set<OpenVisit>();
  private opening = 0;

  constructor({ policy, resolver = new NameResolver(), onFault = warn }: EgressProxyOptions) {
    this.options = { policy, resolver, onFault };
    this.connect = new PinnedConnect({ policy, resolver });
  }

  /** Opens a way to exactly these origins; throws the policy's EgressError for one it refuses, `busy` when 64 visits are open. */
  async openFor(origins: readonly string[], limits: Partial<VisitLimits> = {}): Promise<OpenVisit> {
    if (this.open.size + this.opening >= visitsMax) throw egressError('busy', `${visitsMax} visits`);
    const { policy, onFault } = this.options;
    const token = randomBytes(24).toString('base64url');
    const visit = new ProxyVisit(origins.map((origin) => this.target(origin)), token, { ...visitLimits, ...limits }); // prettier-ignore
    const server = proxyServer({ policy, visit, onFault, connect: this.connect });
    const close = async () => {
      if (!this.open.delete(opened)) return;
      visit.end();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    };
    this.opening += 1;
    await once(server.listen(0, '127.0.0.1'), 'listening').finally(() => (this.opening -= 1));
    const { port } = server.address() as AddressInfo;
    const seen = { refused: visit.refused, use: () => visit.use, ended: visit.signal };
    const opened: OpenVisit = { port, token, close, username: proxyUser, ...seen };
    this.open.add(opened);
    return opened;
  }

  /** Closes every visit. */
  async close(): Promise<void> {
    await Promise.all([...this.open].map((visit) => visit.close()));
  }

  private target(origin: string): HostPort {
    const url = this.options.policy.readTargetUrl(origin);
    if (isRefusal(url)) throw new EgressError(url);
    return url;
  }
}

const warn = (error: unknown) => process.emitWarning(error instanceof Error ? error : String(error));
