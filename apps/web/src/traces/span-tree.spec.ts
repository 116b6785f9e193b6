import fc from 'fast-check';
import type { TraceSpan } from '#libs/contracts/src/gateway.js';
import { spanLabel, type KnownNames } from './span-label.js';
import { axisTicks, buildTree, criticalPath, initiallyClosed, visibleLines } from './span-tree.js';

const span = (
  spanId: string,
  parentId: string | null,
  startMs: number,
  durationMs: number,
  name = 'work',
): TraceSpan => ({
  ...{ spanId, parentId, startMs, durationMs, name, service: 's', kind: 'internal', failed: false, message: null },
  attributes: name.startsWith('pg') ? { 'db.system.name': 'postgresql' } : {},
});
const ids = (spans: readonly TraceSpan[], closed = new Set<string>()) =>
  visibleLines(buildTree(spans), closed).map(({ id }) => id);

const anyTrace = fc
  .array(fc.record({ parent: fc.nat(), start: fc.nat(100), duration: fc.nat(100), isQuery: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((drafts) =>
    drafts.map(({ parent, start, duration, isQuery }, index) =>
      span(`${index}`, index === 0 ? null : `${parent % index}`, start, duration, isQuery ? 'pg.query' : 'work'),
    ),
  );

describe('the tree of spans', () => {
  it('holds every span once', () => {
    fc.assert(
      fc.property(anyTrace, (spans) => {
        const lines = visibleLines(buildTree(spans), new Set()).filter(({ queries }) => queries === null);
        expect(lines.map(({ id }) => id).sort()).toEqual(spans.map(({ spanId }) => spanId).sort());
      }),
    );
  });

  it('shows a span whose parent is not known at the top, and survives one that is its own parent', () => {
    expect(ids([span('a', 'gone', 5, 1), span('b', 'b', 1, 1)])).toEqual(['b', 'a']);
  });

  it('folds three queries of one parent, and not two', () => {
    const queries = [1, 2, 3].map((n) => span(`q${n}`, 'a', n, 1, 'pg.query'));
    const folded = [span('a', null, 0, 9), ...queries];
    expect(ids(folded, initiallyClosed(buildTree(folded)))).toEqual(['a', 'queries of a']);
    expect(ids(folded.slice(0, 3))).toEqual(['a', 'q1', 'q2']);
  });

  it('begins with no more lines than can be read, as long as the top level allows it', () => {
    const spans = [span('a', null, 0, 9)];
    for (let part = 0; part < 20; part++) {
      spans.push(span(`p${part}`, 'a', part, 5));
      for (let write = 0; write < 20; write++) spans.push(span(`p${part}w${write}`, `p${part}`, part, 1));
    }
    const tree = buildTree(spans);
    expect(visibleLines(tree, new Set()).length).toBe(421);
    expect(visibleLines(tree, initiallyClosed(tree)).length).toBe(21);
  });
});

describe('the critical path', () => {
  it('is what the end waited for', () => {
    const path = criticalPath([
      span('a', null, 0, 10),
      span('b', 'a', 1, 3),
      span('c', 'a', 2, 6),
      span('d', 'c', 3, 2),
    ]);
    expect(Object.fromEntries(path)).toEqual({
      a: [
        { startMs: 8, endMs: 10 },
        { startMs: 0, endMs: 2 },
      ],
      c: [
        { startMs: 5, endMs: 8 },
        { startMs: 2, endMs: 3 },
      ],
      d: [{ startMs: 3, endMs: 5 }],
    });
  });

  it('goes through a message that is handled after its sender has ended', () => {
    const path = criticalPath([span('send', null, 0, 2), span('handle', 'send', 7, 3)]);
    expect(path.get('handle')).toEqual([{ startMs: 7, endMs: 10 }]);
    expect(path.get('send')).toEqual([{ startMs: 0, endMs: 2 }]);
  });

  it('is at one place at a time, and within the spans', () => {
    fc.assert(
      fc.property(anyTrace, (spans) => {
        const path = criticalPath(spans);
        const stretches = [...path.values()].flat().toSorted((a, b) => a.startMs - b.startMs);
        stretches.slice(1).forEach((stretch, index) => {
          expect(stretch.startMs).toBeGreaterThanOrEqual(stretches[index]!.endMs);
        });
        for (const one of spans)
          for (const { startMs, endMs } of path.get(one.spanId) ?? []) {
            expect(startMs).toBeGreaterThanOrEqual(one.startMs);
            expect(endMs).toBeLessThanOrEqual(one.startMs + one.durationMs);
          }
      }),
    );
  });
});

describe('the label of a span', () => {
  const labelOf = (name: string, attributes: TraceSpan['attributes'], known?: KnownNames) =>
    spanLabel({ ...span('a', null, 0, 1, name), attributes }, known);
  const request = { 'http.request.method': 'GET', 'url.path': '/api/moods/all', 'server.address': 'a.example' };

  it('tells requests of one method apart: whom they ask first, then what', () => {
    expect(labelOf('GET', { ...request, 'server.port': 8080 })).toEqual({
      name: 'GET',
      who: 'a.example:8080',
      detail: '/api/moods/all',
    });
    expect(labelOf('GET /known', request)).toEqual({ name: 'GET /known', who: 'a.example', detail: '' });
  });

  it('names the baseline and the apps that are known', () => {
    const known = { hosts: new Map([['a.example:80', 'baseline']]), apps: new Map([['id7', 'Ada']]) };
    expect(labelOf('GET', { ...request, 'server.port': 80 }, known).who).toBe('baseline');
    expect(labelOf('work comparison', { 'lockstep.app.id': 'id7', 'lockstep.verdict': 'in-sync' }, known)).toEqual({
      name: 'work comparison',
      who: 'Ada',
      detail: 'in sync',
    });
    expect(
      labelOf('work fill-part', { 'lockstep.target.role': 'baseline', 'lockstep.fill.number': 41 }, known),
    ).toEqual({
      name: 'work fill-part',
      who: 'baseline',
      detail: 'fill 41',
    });
    expect(labelOf('publish X', {}, known)).toEqual({ name: 'publish X', who: '', detail: '' });
  });
});

describe('the ticks of the axis', () => {
  it('are round, begin at nothing, and are not too many', () => {
    expect(axisTicks(261, 6)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(axisTicks(0, 6)).toEqual([0]);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (durationMs) => {
        const ticks = axisTicks(durationMs, 6);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });
});
