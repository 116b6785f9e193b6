import type { TraceSpan } from '#libs/contracts/src/gateway.js';

/** One line of the waterfall: a span, or many database queries of one parent folded into one. */
export interface SpanNode {
  readonly id: string;
  readonly span: TraceSpan;
  readonly depth: number;
  readonly children: readonly SpanNode[];
  /** The queries that this line stands for; null for a span of its own. */
  readonly queries: readonly TraceSpan[] | null;
}

const foldedFrom = 3;

/** Spans below their parents, in order of their begin. A span whose parent is not known stands at the top. */
export function buildTree(spans: readonly TraceSpan[]): SpanNode[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = new Map<string | null, TraceSpan[]>();
  for (const span of spans) {
    const parent =
      span.parentId !== null && known.has(span.parentId) && span.parentId !== span.spanId ? span.parentId : null;
    below.set(parent, [...(below.get(parent) ?? []), span]);
  }
  return childrenOf(null, 0, below);
}

function childrenOf(
  parentId: string | null,
  depth: number,
  below: ReadonlyMap<string | null, TraceSpan[]>,
): SpanNode[] {
  const spans = (below.get(parentId) ?? []).toSorted((a, b) => a.startMs - b.startMs);
  const queries = spans.filter((span) => isQuery(span) && !below.has(span.spanId));
  const node = (span: TraceSpan, at: number): SpanNode => ({
    ...{ id: span.spanId, span, depth: at, queries: null },
    children: childrenOf(span.spanId, at + 1, below),
  });
  if (queries.length < foldedFrom) return spans.map((span) => node(span, depth));
  const folded: SpanNode = {
    id: `queries of ${parentId}`,
    span: sumOf(queries),
    depth,
    queries,
    children: queries.map((span) => node(span, depth + 1)),
  };
  const others = spans.filter((span) => !queries.includes(span)).map((span) => node(span, depth));
  return [folded, ...others].toSorted((a, b) => a.span.startMs - b.span.startMs);
}

export const isQuery = ({ name, attributes }: TraceSpan): boolean =>
  'db.system.name' in attributes || 'db.system' in attributes || name.startsWith('pg');

/** From the first query to the last; `durationMs` of it is the stretch, `busyMs` what the queries took together. */
function sumOf(queries: readonly TraceSpan[]): TraceSpan {
  const first = queries[0]!;
  const end = Math.max(...queries.map((span) => span.startMs + span.durationMs));
  return {
    ...first,
    name: `${queries.length} queries`,
    durationMs: end - first.startMs,
    failed: queries.some(({ failed }) => failed),
    message: queries.find(({ failed }) => failed)?.message ?? null,
    attributes: {},
  };
}

export const busyMs = (queries: readonly TraceSpan[]): number =>
  queries.reduce((sum, { durationMs }) => sum + durationMs, 0);

/** Lines in view: everything that is not below a closed line. */
export function visibleLines(nodes: readonly SpanNode[], closed: ReadonlySet<string>): SpanNode[] {
  return nodes.flatMap((node) => [node, ...(closed.has(node.id) ? [] : visibleLines(node.children, closed))]);
}

/** What is closed at first: folded queries, and deep branches of a trace that would be too long to read. */
export function initiallyClosed(nodes: readonly SpanNode[], linesMax = 120): Set<string> {
  const all = visibleLines(nodes, new Set());
  const closed = new Set(all.filter(({ queries }) => queries !== null).map(({ id }) => id));
  for (let depth = 8; depth >= 1 && visibleLines(nodes, closed).length > linesMax; depth--)
    for (const node of all) if (node.depth === depth && node.children.length > 0) closed.add(node.id);
  return closed;
}

export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What the end of the trace waited for: walking back from the last end, always the child that ended last before that moment.
 * A child may outlive its parent here (messages), so a span counts until its last descendant. (After Uber's CRISP.)
 */
export function criticalPath(spans: readonly TraceSpan[]): Map<string, Stretch[]> {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = new Map<string | null, TraceSpan[]>();
  for (const span of spans) {
    const parent = span.parentId !== null && ids.has(span.parentId) ? span.parentId : null;
    below.set(parent, [...(below.get(parent) ?? []), span]);
  }
  const walker = new PathWalker(below);
  walker.walk(null, 0, Infinity);
  return walker.path;
}

class PathWalker {
  readonly path = new Map<string, Stretch[]>();
  private readonly ends = new Map<string, number>();

  constructor(private readonly below: ReadonlyMap<string | null, TraceSpan[]>) {}

  /** Goes back from `untilMs` to `fromMs` below a span; what no child explains is the span's own time. */
  walk(parent: TraceSpan | null, fromMs: number, untilMs: number): void {
    let at = untilMs;
    const children = (this.below.get(parent?.spanId ?? null) ?? []).toSorted((a, b) => this.endOf(b) - this.endOf(a));
    for (const child of children) {
      const end = this.endOf(child);
      if (end > at || child.startMs < fromMs) continue;
      if (parent) this.add(parent, end, at);
      this.walk(child, child.startMs, end);
      at = child.startMs;
      if (!parent) return;
    }
    if (parent) this.add(parent, fromMs, at);
  }

  private add({ spanId, startMs, durationMs }: TraceSpan, fromMs: number, untilMs: number): void {
    const stretch = { startMs: Math.max(fromMs, startMs), endMs: Math.min(untilMs, startMs + durationMs) };
    if (stretch.endMs > stretch.startMs) this.path.set(spanId, [...(this.path.get(spanId) ?? []), stretch]);
  }

  private endOf(span: TraceSpan): number {
    const known = this.ends.get(span.spanId);
    if (known !== undefined) return known;
    const own = span.startMs + span.durationMs;
    const end = (this.below.get(span.spanId) ?? []).reduce((last, child) => Math.max(last, this.endOf(child)), own);
    this.ends.set(span.spanId, end);
    return end;
  }
}

/** Round times for an axis: at most `ticksMax` steps of 1, 2 or 5 times a power of ten. */
export function axisTicks(durationMs: number, ticksMax: number): number[] {
  if (durationMs <= 0) return [0];
  const rough = durationMs / ticksMax;
  const power = 10 ** Math.floor(Math.log10(rough));
  const stepMs = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough)!;
  return Array.from({ length: Math.floor(durationMs / stepMs) + 1 }, (_, index) => index * stepMs);
}
