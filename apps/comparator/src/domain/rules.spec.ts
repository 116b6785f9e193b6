import { endpoints } from './endpoints.js';
import type { Difference } from './look.js';
import { judgeRows, type RowsEvidence } from './rows-judge.js';
import { draftFaults, firstRules, inForce, nextRules, withoutHidden, withRules } from './rules.js';
import type { DraftRule } from '#libs/contracts/src/rules.js';
import { markerOfNumber } from '#libs/parity/src/marker.js';

const now = new Date('2026-11-26T10:00:00Z');
const entries = '/api/journal/entries/all';
const stats = '/api/stats/overview';
const rule = (part: Partial<DraftRule>): DraftRule => ({
  ...{ endpoint: entries, name: 'own id', path: '/rows/*/id', mode: 'ignore', reason: 'Each numbers its own.' },
  ...{ epsilon: null, withinMs: null, key: null, expiresAt: null },
  ...part,
});
const shapeOf = (path: string, rules: readonly DraftRule[]) =>
  withRules(endpoints, rules).find((endpoint) => endpoint.path === path)!.shape;

/** An app that shows one row with another id and another time. */
function judge(rules: readonly DraftRule[]) {
  const marker = markerOfNumber(7_919);
  const body = (id: number, created_at: string) =>
    new TextEncoder().encode(JSON.stringify({ rows: [{ id, text: `${marker} a walk`, created_at }], page: id }));
  const obligation = { marker, payload: { kind: 'entry', text: `${marker} a walk` }, fill: 1, index: 0 } as const;
  const evidence: RowsEvidence = {
    endpoint: withRules(endpoints, rules).find(({ path }) => path === entries)!,
    baseline: body(1, '2026-11-26T09:00:00.000Z'),
    app: body(2, '2026-11-26T09:00:00.400Z'),
    ...{ acknowledged: 1, obligations: [{ ...obligation, acknowledgedAt: null }], others: [] },
    ...{ seed: [1, 2], now: now.toISOString(), clock: null },
  };
  return judgeRows(evidence);
}

describe('rules', () => {
  it('are, in version 1, what the endpoints come with', () => {
    expect(withRules(endpoints, firstRules)).toEqual(endpoints);
    expect(firstRules).toHaveLength(13);
  });

  it('hide what they name, count it, and leave the rest to differ', () => {
    const id = rule({});
    const clock = rule({ name: 'own clock', path: '/rows/*/created_at', mode: 'tolerance', withinMs: 500 });
    const page = rule({ name: 'page', path: '/page' });
    const count = (rules: readonly DraftRule[]) => {
      const { matched, explained, changed, around, rules: hits } = judge(rules);
      return { matched, explained, differences: changed + around, hits: hits.map((one) => one.hits) };
    };
    expect(count([id, clock, page])).toEqual({ matched: 1, explained: 1, differences: 0, hits: [1, 1, 1] });
    expect(count([id, page])).toEqual({ matched: 0, explained: 0, differences: 1, hits: [1, 1] });
    expect(count([id, clock])).toEqual({ matched: 1, explained: 1, differences: 1, hits: [1, 1] });
    expect(count([id, { ...clock, withinMs: 300 }, page])).toMatchObject({ differences: 1 });
    expect(count([])).toEqual({ matched: 0, explained: 0, differences: 2, hits: [] });
  });

  it('no longer apply when they have expired', () => {
    const until = rule({ expiresAt: '2026-11-26T10:00:00Z' });
    expect(inForce([until], new Date(now.getTime() - 1))).toEqual([until]);
    expect(inForce([until], now)).toEqual([]);
  });

  it('stand inside a row or around the rows, by their path', () => {
    const rules = [rule({}), rule({ name: 'all', path: '/rows/*' }), rule({ name: 'beside', path: '/rows' })];
    const shape = shapeOf(entries, rules);
    expect(shape.rules.map(({ path }) => path)).toEqual(['/id', '']);
    expect(shape.outside.map(({ path }) => path)).toEqual(['/rows']);
  });

  it('hide figures one by one: counted, and not judged to match', () => {
    const figure = (what: string) => ({ kind: 'derived', marker: null, what }) as Difference;
    const { rules } = shapeOf(stats, [rule({ endpoint: stats, name: 'trend', path: '/data/mood_trend' })]);
    const { kept, rules: hits } = withoutHidden([figure('mood_trend'), figure('entries_today')], rules);
    expect([kept.map(({ what }) => what), hits.map((one) => one.hits)]).toEqual([['entries_today'], [1]]);
  });

  it('are refused with a sentence for each thing that is wrong', () => {
    const faults = (part: Partial<DraftRule>) => draftFaults([rule(part)]).join(' ');
    expect(draftFaults(firstRules)).toEqual([]);
    expect(faults({ endpoint: '/api/other' })).toContain('/api/other is not compared');
    expect(faults({ path: 'rows' })).toContain('is not a JSON pointer');
    expect(faults({ mode: 'tolerance' })).toContain('needs epsilon or withinMs');
    expect(draftFaults([rule({}), rule({ path: '/x' })]).join(' ')).toContain('Two rules are called "own id"');
    expect(faults({ endpoint: stats, path: '/data/mood_trend/*/count' })).toContain('only ignore a whole figure');
    expect(faults({ path: `/rows/*${'/*'.repeat(17)}` })).toContain('more than 16 parts');
  });

  it('keep their author and time in the next version unless they change', () => {
    const before = [{ ...rule({}), author: 'ada', createdAt: '2026-11-01T00:00:00.000Z' }];
    const next = nextRules([rule({ expiresAt: null }), rule({ name: 'new', path: '/rows/*/x' })], before, 'bob', now);
    expect(next.map(({ author }) => author)).toEqual(['ada', 'bob']);
    expect(nextRules([rule({ mode: 'exact' })], before, 'bob', now)[0]).toMatchObject({ author: 'bob', createdAt: now.toISOString() }); // prettier-ignore
  });
});
