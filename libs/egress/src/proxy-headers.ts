// Which header fields a proxy passes on (RFC 9110 §7.6.1). Pure; works on Node's raw headers, so order and doubles stay as they were.

const hopByHop: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-authentication-info',
  ],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
  // The proxy's own word to the browser: an app must not be able to say it.
  'x-lockstep-egress',
]);

/** Drops the fields that belong to one connection only, those named by Connection included, and what the proxy sets itself. */
export function forwardedHeaders(raw: readonly string[]): string[] {
  const named = new Set(
    pairs(raw).flatMap(([name, value]) => (name.toLowerCase() === 'connection' ? tokens(value) : [])),
  );
  const passes = (name: string) => name !== 'host' && !hopByHop.has(name) && !named.has(name);
  return pairs(raw).flatMap(([name, value]) => (passes(name.toLowerCase()) ? [name, value] : []));
}

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
const tokens = (value: string) => value.toLowerCase().split(',').map((token) => token.trim()); // prettier-ignore
