// Reads a URL that a user gave: once, with WHATWG URL, and everything after works on the parts it returns, never on the text again.
// So two parsers can never disagree about where a request goes. Pure: nothing is looked up.
import { judgeAddress } from './address-policy.js';
import { isRefusal, refuse, type Refusal } from './egress-code.js';
import { parseIpAddress } from './ip-address.js';

const urlCharsMax = 2048;
const hostCharsMax = 253;

/** Where requests for an app go. `host` is a lower-case ASCII name or an IP address without brackets. */
export interface TargetUrl {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** The path before every route, without a slash at its end; empty for an app at the root. */
  readonly basePath: string;
}

/** One request: `path` begins with a slash and holds the query. */
export interface RequestUrl {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Tells whether the operator has allowed exactly this host and port; such a target may be local and use any port. */
export type Allows = (host: string, port: number) => boolean;

/** Reads an app's base URL; refuses with `not-a-url`, `scheme`, `userinfo`, `query`, `host`, `port` or `address-not-public`. */
export function readTargetUrl(text: string, allows: Allows): TargetUrl | Refusal {
  const url = parse(text.trim(), allows);
  if (isRefusal(url)) return url;
  if (/[?#]/.test(text)) return refuse('query');
  // Put before a route it would be a reference to another host: `//127.0.0.1:5432/x` + `/api/moods`.
  if (url.pathname.startsWith('//')) return refuse('not-a-url', 'its path begins with two slashes');
  const { origin, host, port } = place(url);
  return { origin, host, port, basePath: url.pathname.replace(/\/+$/, '') };
}

/** Reads the URL of one request, which may have a query; refuses as `readTargetUrl` does. */
export function readRequestUrl(text: string, allows: Allows): RequestUrl | Refusal {
  const url = parse(text, allows);
  if (isRefusal(url)) return url;
  if (text.includes('#')) return refuse('query');
  const { origin, host, port } = place(url);
  return { origin, host, port, path: url.pathname + url.search };
}

/** The ports that apps on the public internet may use. */
export function isPublicPort(port: number): boolean {
  return [80, 443, 8080, 8443].includes(port) || (port >= 3000 && port <= 3999) || (port >= 8000 && port <= 8999);
}

/** Why `host` can never be a public web host by its mere form, or `undefined`; says nothing about what a name resolves to. */
export function judgeHost(host: string): Refusal | undefined {
  if (parseIpAddress(host)) {
    const { reach, rule } = judgeAddress(host);
    return reach === 'public' ? undefined : refuse('address-not-public', `${host} is in ${rule}`);
  }
  const local = localSuffixes.find((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  if (local) return refuse('address-not-public', `names below .${local} exist only inside a network`);
  return host.includes('.') ? undefined : refuse('host');
}

/** Names that public DNS never holds: RFC 6761 and 6762, RFC 7686, RFC 8375, RFC 9476, and what ICANN reserved or networks use. */
const localSuffixes = [
  ...['localhost', 'local', 'internal', 'home.arpa', 'test', 'invalid', 'example', 'onion', 'alt'],
  ...['lan', 'intranet', 'corp', 'home', 'private', 'localdomain'],
];

function parse(text: string, allows: Allows): URL | Refusal {
  if (text.length > urlCharsMax) return refuse('not-a-url', `longer than ${urlCharsMax} characters`);
  // WHATWG URL drops tabs and newlines and takes a backslash for a slash; other parsers do not, so neither is taken.
  if ([...text].some((char) => char <= ' ' || char === '\u007f' || char === '\\'))
    return refuse('not-a-url', 'it holds a space, a backslash or a control character');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return refuse(text === '' ? 'not-a-url' : 'scheme');
  const url = URL.parse(text);
  if (!url) return refuse('not-a-url');
  if (url.username !== '' || url.password !== '' || authorityOf(text).includes('@')) return refuse('userinfo');
  const { host, port } = place(url);
  const shape = judgeShape(host);
  if (shape) return shape;
  if (allows(host, port)) return url;
  return judgeHost(host) ?? (isPublicPort(port) ? url : refuse('port', String(port)));
}

/** What stands between the slashes and the path in the text as given: an empty `@` leaves no trace in the parsed URL. */
const authorityOf = (text: string): string => /^[^:]*:\/*([^/?#]*)/.exec(text)?.[1] ?? '';

function judgeShape(host: string): Refusal | undefined {
  if (parseIpAddress(host)) return undefined;
  if (host.length > hostCharsMax) return refuse('host', `longer than ${hostCharsMax} characters`);
  const labels = host.split('.');
  const fine = labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  return fine ? undefined : refuse('host');
}

function place({ origin, hostname, port, protocol }: URL) {
  const host = hostname.replace(/^\[|\]$/g, '');
  return { origin, host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}
