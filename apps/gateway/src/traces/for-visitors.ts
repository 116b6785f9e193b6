import type { TraceSpan, TraceView } from '#libs/contracts/src/gateway.js';

const system = 'db.system.name';
const namespace = 'db.namespace';

/**
 * A trace as strangers see it: how a verdict came to be, and not how our databases are asked and where they are. Of a span of a
 * database only that it is one is left.
 */
export const forVisitors = (trace: TraceView): TraceView => ({ ...trace, spans: trace.spans.map(withoutInside) });

function withoutInside(span: TraceSpan): TraceSpan {
  if (!(system in span.attributes)) return span;
  const inside = (name: string) => name !== system && /^(db|server)\./.test(name);
  const attributes = Object.fromEntries(Object.entries(span.attributes).filter(([name]) => !inside(name)));
  const name = span.name.replace(` ${String(span.attributes[namespace])}`, '');
  return { ...span, name, attributes, message: span.message === null ? null : 'the statement failed' };
}
