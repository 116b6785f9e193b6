import { blankRule, changesOf, faultsOf, wordsOf } from './draft.js';
import type { DraftRule } from '#libs/contracts/src/rules.js';

const rule = (part: Partial<DraftRule> = {}): DraftRule => ({
  ...blankRule('/api/moods/all'),
  ...{ name: 'own clock', path: '/rows/*/created_at', reason: 'Each has its own clock.' },
  ...part,
});

describe('a rule in plain words', () => {
  it.each([
    [{}, '“created_at” of every row is not compared.'],
    [{ path: '/rows/*' }, 'Every row as a whole is not compared.'],
    [{ path: '/rowCount' }, '“rowCount” beside the rows is not compared.'],
    [{ path: '/data/mood_trend' }, 'The figure “mood_trend” is not compared.'],
    [{ mode: 'tolerance', withinMs: 500 }, '“created_at” of every row may differ: times by up to 500 ms.'],
    [{ mode: 'set', path: '/rows/*/tags', key: '/name' }, 'The order of “tags” of every row does not count; its elements are told apart by /name.'], // prettier-ignore
    [{ mode: 'exact' }, '“created_at” of every row is compared exactly, in its order.'],
  ] as const)('%j', (part, words) => {
    expect(wordsOf(rule(part))).toBe(words);
  });
});

describe('a draft', () => {
  it('says what publishing it would change', () => {
    const base = [rule(), rule({ name: 'own id' }), rule({ name: 'gone' })];
    const draft = [rule(), rule({ name: 'own id', mode: 'exact' }), rule({ name: 'new' })];
    expect(changesOf(draft, base).map(({ kind, rule: { name } }) => [kind, name])).toEqual([
      ['changed', 'own id'],
      ['added', 'new'],
      ['removed', 'gone'],
    ]);
    expect(changesOf(base, base)).toEqual([]);
  });

  it('takes no rule that could not be published', () => {
    expect(faultsOf(rule(), [])).toEqual({});
    expect(Object.keys(faultsOf(blankRule('/api/moods/all'), []))).toEqual(['name', 'path', 'reason']);
    expect(faultsOf(rule(), [rule()]).name).toContain('already');
    expect(faultsOf(rule({ mode: 'tolerance' }), []).withinMs).toContain('how far');
    expect(faultsOf(rule({ path: 'created_at' }), []).path).toContain('Begin with /');
  });
});
