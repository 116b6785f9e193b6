import type { TraceSpan } from '#libs/contracts/src/gateway.js';
import { allLines, closedAround, isOfComparison, subjectOf } from './span-focus.js';
import { buildTree, visibleLines } from './span-tree.js';

const span = (spanId: string, parentId: string | null, attributes: TraceSpan['attributes'] = {}): TraceSpan => ({
  ...{ spanId, parentId, startMs: 1, durationMs: 1, service: 's', kind: 'internal', failed: false, message: null },
  name: 'db.system.name' in attributes ? 'pg.query' : 'work',
  attributes,
});
const comparison = (n: number) => [
  span(`c${n}`, 'answer', { 'lockstep.comparison.id': `id${n}`, 'lockstep.app.id': `app${n}` }),
  span(`c${n}-get`, `c${n}`),
  span(`c${n}-publish`, `c${n}`),
  span(`c${n}-process`, `c${n}-publish`),
  ...[1, 2, 3].map((query) => span(`c${n}-q${query}`, `c${n}-process`, { 'db.system.name': 'postgresql' })),
];
const batch = [span('root', null), span('answer', 'root'), ...comparison(1), ...comparison(2), ...comparison(3)];
const view = (spans: TraceSpan[]) => ({ traceId: 't', startedAt: '', durationMs: 1, spans, spansTotal: spans.length });

describe('a trace of a batch, opened at one comparison', () => {
  const tree = buildTree(batch);

  it('shows the way to it and all of it, and closes the others', () => {
    const closed = closedAround(tree, isOfComparison('id2'));
    expect(visibleLines(tree, closed).map(({ id }) => id)).toEqual([
      ...['root', 'answer', 'c1', 'c2', 'c2-get', 'c2-publish', 'c2-process', 'queries of c2-process', 'c3'],
    ]);
  });

  it('opens both looks of a comparison that was looked at twice', () => {
    const twice = buildTree([
      ...batch,
      span('again', 'answer', { 'lockstep.comparison.id': 'id2' }),
      span('get', 'again'),
    ]);
    const shown = visibleLines(twice, closedAround(twice, isOfComparison('id2'))).map(({ id }) => id);
    expect(shown).toEqual(expect.arrayContaining(['c2-get', 'again', 'get']));
    expect(shown).not.toContain('c1-get');
  });

  it('lists every line once, open or not', () => {
    expect(allLines(tree)).toHaveLength(batch.length + 3);
  });
});

describe('what a trace is about', () => {
  it('is the comparison that was asked for, with its app', () => {
    expect(subjectOf(view(batch), 'id3')).toEqual({ appId: 'app3', comparisonId: 'id3' });
    expect(subjectOf(view(batch), 'gone')).toEqual({ comparisonId: 'gone' });
  });

  it('is the only one in it, and nothing when there are several', () => {
    expect(subjectOf(view([span('root', null), ...comparison(1)]), null)).toEqual({
      appId: 'app1',
      comparisonId: 'id1',
    });
    expect(subjectOf(view([span('fill', null, { 'lockstep.app.id': 'app7' })]), null)).toEqual({ appId: 'app7' });
    expect(subjectOf(view(batch), null)).toEqual({});
  });
});
