import type { TraceSpan, TraceView } from '#libs/contracts/src/gateway.js';
import type { SpanNode } from './span-tree.js';

const appId = 'lockstep.app.id';
const comparisonId = 'lockstep.comparison.id';

export const isOfComparison =
  (id: string) =>
  ({ span }: SpanNode): boolean =>
    span.attributes[comparisonId] === id;

/**
 * What is closed when somebody comes for one part of a trace: everything but the wanted spans with all below them (their queries
 * stay folded), and the way to them. A trace of a batch has a branch for every app.
 */
export function closedAround(nodes: readonly SpanNode[], isWanted: (node: SpanNode) => boolean): Set<string> {
  const closed = new Set<string>();
  const visit = (node: SpanNode, isInside: boolean): boolean => {
    const isIn = isInside || isWanted(node);
    const found = node.children.map((child) => visit(child, isIn));
    const leadsThere = isIn || found.includes(true);
    if (node.queries !== null || (!leadsThere && node.children.length > 0)) closed.add(node.id);
    return leadsThere;
  };
  for (const node of nodes) visit(node, false);
  return closed;
}

/** Every line in its order, whatever is open. */
export const allLines = (nodes: readonly SpanNode[]): SpanNode[] =>
  nodes.flatMap((node) => [node, ...allLines(node.children)]);

/** The app and the comparison that a trace is about: of the one that was asked for, or of the only one in it. */
export function subjectOf({ spans }: TraceView, asked: string | null): { appId?: string; comparisonId?: string } {
  const only = (values: readonly unknown[]): string | undefined => {
    const found = new Set(values.filter((value) => value !== undefined));
    return found.size === 1 ? String([...found][0]) : undefined;
  };
  const comparison = asked ?? only(spans.map(({ attributes }) => attributes[comparisonId]));
  const among = (of: readonly TraceSpan[]) => only(of.map(({ attributes }) => attributes[appId]));
  const app = comparison
    ? among(spans.filter(({ attributes }) => attributes[comparisonId] === comparison))
    : among(spans);
  return { ...(app ? { appId: app } : {}), ...(comparison ? { comparisonId: comparison } : {}) };
}
