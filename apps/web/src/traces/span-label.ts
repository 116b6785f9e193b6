import type { TraceSpan } from '#libs/contracts/src/gateway.js';

/** Who is behind the hosts and ids of a trace, as far as this page knows. */
export interface KnownNames {
  /** By `address:port`. */
  readonly hosts: ReadonlyMap<string, string>;
  /** By the id of an app. */
  readonly apps: ReadonlyMap<string, string>;
}
export const nobodyKnown: KnownNames = { hosts: new Map(), apps: new Map() };

export interface SpanLabel {
  readonly name: string;
  /** What tells it from others of its name: baseline or which app, else the host. It stands first, so that it is never cut. */
  readonly who: string;
  readonly detail: string;
}

/** What a span is called on its line: an outbound request with whom it asks and its path, work with its app and verdict. */
export function spanLabel({ name, attributes }: TraceSpan, known: KnownNames = nobodyKnown): SpanLabel {
  const path = attributes['url.path'];
  const host = [attributes['server.address'], attributes['server.port']].filter(Boolean).join(':');
  const isBareMethod = name === attributes['http.request.method'];
  return {
    name,
    who: host ? (known.hosts.get(host) ?? roleOf(attributes) ?? host) : whoOf(attributes, known),
    detail: host ? (isBareMethod && path !== undefined ? String(path) : '') : outcomeOf(attributes),
  };
}

type Attributes = TraceSpan['attributes'];

const roleOf = (attributes: Attributes): string | undefined => {
  const role = attributes['lockstep.target.role'];
  return role === undefined || role === 'app' ? undefined : String(role);
};

const whoOf = (attributes: Attributes, known: KnownNames): string =>
  roleOf(attributes) ?? known.apps.get(String(attributes['lockstep.app.id'])) ?? '';

function outcomeOf(attributes: Attributes): string {
  const [fill, verdict] = [attributes['lockstep.fill.number'], attributes['lockstep.verdict']];
  return [
    ...(fill === undefined ? [] : [`fill ${fill}`]),
    ...(verdict === undefined ? [] : [String(verdict).replaceAll('-', ' ')]),
  ].join(' ');
}
