import type { TraceSpan } from '#libs/contracts/src/gateway.js';

/** What a span is called on its line: an outbound request with its path and host, work with its verdict. */
export function spanLabel({ name, attributes }: TraceSpan): { name: string; detail: string } {
  const path = attributes['url.path'];
  const isBareMethod = name === attributes['http.request.method'] && path !== undefined;
  const host = [attributes['server.address'], attributes['server.port']].filter(Boolean).join(':');
  const verdict = attributes['lockstep.verdict'];
  return {
    name: isBareMethod ? `${name} ${path}` : name,
    detail: host || (verdict === undefined ? '' : String(verdict).replaceAll('-', ' ')),
  };
}
