// Where this installation may go: the public internet, and exactly the host:port entries of EGRESS_ALLOW.
// One policy object serves the client and the proxy, so what one refuses the other refuses.
import { networkInterfaces } from 'node:os';
import { judgeAddress } from './address-policy.js';
import { isRefusal, refuse, type Refusal } from './egress-code.js';
import { parseIpAddress, sameAddress } from './ip-address.js';
import { readRequestUrl, readTargetUrl, type RequestUrl, type TargetUrl } from './target-url.js';

/** A host as `TargetUrl` writes it, and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface EgressPolicyOptions {
  /** Entries `host:port` as in EGRESS_ALLOW, such as `127.0.0.1:8101`, `[::1]:8101` or `journal:8080`. */
  readonly allow: readonly string[];
  /** The addresses of this machine, which nobody reaches unless allowed; by default those of its network interfaces. */
  readonly ownAddresses?: () => readonly string[];
}

const allowEntriesMax = 10_000;

export class EgressPolicy {
  private readonly allowed: ReadonlySet<string>;
  private readonly ownAddresses: () => readonly string[];

  /** Throws one error that names every bad entry. */
  constructor({ allow, ownAddresses = interfaceAddresses }: EgressPolicyOptions) {
    const read = allow.map(readAllowEntry);
    const bad = read.filter((entry) => 'problem' in entry).map(({ problem }) => problem);
    if (allow.length > allowEntriesMax) bad.push(`more than ${allowEntriesMax} entries`);
    if (bad.length > 0) throw new Error(`EGRESS_ALLOW: ${bad.join('; ')}`);
    this.allowed = new Set(read.filter((entry) => 'host' in entry).map((entry) => key(entry.host, entry.port)));
    this.ownAddresses = ownAddresses;
  }

  /** Whether exactly this host and port stand in EGRESS_ALLOW; another name of the same machine is another host. */
  readonly allows = (host: string, port: number): boolean => this.allowed.has(key(host, port));

  /** Reads an app's base URL; see `readTargetUrl` for the refusals. A literal address of this machine is refused as well. */
  readTargetUrl(text: string): TargetUrl | Refusal {
    return this.unlessOwn(readTargetUrl(text, this.allows));
  }

  /** Reads the URL of one request. */
  readRequestUrl(text: string): RequestUrl | Refusal {
    return this.unlessOwn(readRequestUrl(text, this.allows));
  }

  /** Judges an address that `target` resolved or connected to; `undefined` means it may be used. */
  judge({ host, port }: HostPort, address: string): Refusal | undefined {
    const { reach, rule } = judgeAddress(address);
    if (this.allows(host, port)) {
      return reach === 'never'
        ? refuse('address-not-public', `${address} is in ${rule}, which nothing opens`)
        : undefined;
    }
    if (reach !== 'public') return refuse('address-not-public', `${host} leads to ${address}, ${rule}`);
    const own = this.ownAddresses().some((one) => sameAddress(one, address));
    return own ? refuse('address-not-public', `${address} is the machine of the lab`) : undefined;
  }

  /** The addresses of a host that is not looked up: a literal is itself, `localhost` is loopback (RFC 6761 §6.3). */
  fixedAddresses(host: string): readonly string[] | undefined {
    if (parseIpAddress(host)) return [host];
    return host === 'localhost' ? ['127.0.0.1', '::1'] : undefined;
  }

  private unlessOwn<Url extends HostPort>(url: Url | Refusal): Url | Refusal {
    if (isRefusal(url) || !parseIpAddress(url.host)) return url;
    return this.judge(url, url.host) ?? url;
  }
}

/** Reads one entry of EGRESS_ALLOW; `problem` is a sentence that names the entry and what to write instead. */
export function readAllowEntry(entry: string): HostPort | { readonly problem: string } {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+):(\d{1,5})$/.exec(entry);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) {
    return { problem: `"${entry}" is not host:port in lower case, such as 127.0.0.1:8101` };
  }
  const written = URL.parse(`http://${entry}/`)?.hostname;
  if (written !== match[1]) return { problem: `"${entry}" must be written ${written ?? 'with a valid host'}:${port}` };
  const host = written.replace(/^\[|\]$/g, '');
  if (parseIpAddress(host) && judgeAddress(host).reach === 'never') {
    return { problem: `"${entry}" can never be opened: ${judgeAddress(host).rule}` };
  }
  return { host, port };
}

const key = (host: string, port: number) => `${host} ${port}`;

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
