// Names to addresses through c-ares, not getaddrinfo: that one blocks the four pool threads, and reads /etc/hosts.
// What comes back is not judged here: pinned-connect.ts judges every address and dials only judged ones.
import type { RecordWithTtl } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { Admission } from './admission.js';
import { deadline, unlessAborted } from './deadline.js';
import { egressError, type EgressError } from './egress-code.js';

const queryMs = 2_000;
const tries = 2;
/** c-ares waits longer at its second try; a name that has not answered by then is given up. */
const lookupMs = 4_500;
const cacheMsMax = 30_000;
const cacheNamesMax = 2_000;
/** A burst of questions overflows the receive buffer of a DNS server, and what is lost is asked again only after `queryMs`. */
const lookupPlaces = { activeMax: 64, graceMs: 100, lingeringMax: 4_096, waitingMax: 10_000, waitingMsMax: 5_000 };

export interface NameResolverOptions {
  /** DNS servers as `address:port` instead of those in /etc/resolv.conf; for tests and for a resolver of one's own. */
  readonly servers?: readonly string[];
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

interface Known {
  readonly addresses: Promise<readonly string[]>;
  expiresAt: number;
}

/** Looks up A and AAAA records. Keeps answers as long as their TTL says, 30 s at most, 2,000 names at most; failures never. */
export class NameResolver {
  private readonly resolver = new Resolver({ timeout: queryMs, tries });
  private readonly known = new Map<string, Known>();
  private readonly now: () => number;
  private readonly places = new Admission(lookupPlaces);
  private answeredAt = Number.NEGATIVE_INFINITY;

  constructor({ servers, now = () => performance.now() }: NameResolverOptions = {}) {
    if (servers) this.resolver.setServers(servers);
    this.now = now;
  }

  /**
   * All addresses of `host`, IPv4 first, after at most 4.5 s.
   * Throws `dns-not-found`, `dns-failed` (its name servers: another name was answered since we asked), `dns-down` (no name was: it may
   * be ours) or `busy`.
   */
  resolve(host: string): Promise<readonly string[]> {
    const found = this.known.get(host);
    if (found && found.expiresAt > this.now()) return found.addresses;
    // While a lookup runs everyone who asks waits for it; its TTL counts from its answer.
    const records = this.lookUp(host);
    const entry: Known = { addresses: records.then(addressesOf), expiresAt: Number.POSITIVE_INFINITY };
    this.remember(host, entry);
    records.then(
      (list) => (entry.expiresAt = this.now() + Math.min(cacheMsMax, ...list.map(({ ttl }) => ttl * 1000))),
      () => this.known.get(host) === entry && this.known.delete(host),
    );
    return entry.addresses;
  }

  private async lookUp(host: string): Promise<readonly RecordWithTtl[]> {
    const place = await this.places.enter(host, 1, []);
    try {
      return await this.query(host);
    } finally {
      place.release();
    }
  }

  private async query(host: string): Promise<readonly RecordWithTtl[]> {
    const options = { ttl: true } as const;
    const askedAt = this.now();
    const limit = deadline(lookupMs, () => this.failure(host, askedAt, ['ETIMEOUT']), []);
    const queries = [this.resolver.resolve4(host, options), this.resolver.resolve6(host, options)];
    const answers = await unlessAborted(Promise.allSettled(queries), limit.signal).finally(limit.clear);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : []));
    if (records.length === 0) throw this.failure(host, askedAt, failures);
    this.answeredAt = this.now();
    return records;
  }

  /** An answer from before the question proves nothing: our server may have gone silent right after it. */
  private failure(host: string, askedAt: number, codes: readonly string[]): EgressError {
    if (codes.every((code) => notThere.has(code))) {
      this.answeredAt = this.now();
      return egressError('dns-not-found', host);
    }
    return egressError(this.answeredAt > askedAt ? 'dns-failed' : 'dns-down', `${host}, ${codes.join(' and ')}`);
  }

  private remember(host: string, entry: Known): void {
    this.known.delete(host);
    this.known.set(host, entry);
    const oldest = this.known.keys().next();
    if (this.known.size > cacheNamesMax && !oldest.done) this.known.delete(oldest.value);
  }
}

const addressesOf = (records: readonly RecordWithTtl[]) => records.map(({ address }) => address);
const notThere = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);
const codeOf = (reason: unknown) => String((reason as NodeJS.ErrnoException).code ?? reason);
