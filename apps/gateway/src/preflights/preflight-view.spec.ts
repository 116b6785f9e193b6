import { viewOf } from './preflight-view.js';
import { preflightCheck, type PreflightLine, type ReadPreflight } from '#libs/contracts/src/preflight.js';

const id = '01a2182c-2da5-7d29-9cc2-9c9000000001';
const line = (check: PreflightLine['check'], state: PreflightLine['state'] = 'passed'): PreflightLine => ({
  ...{ check, state, sentence: `${check} ${state}`, next: null, ms: 3 },
});
const [read, written] = [preflightCheck.options.filter((check) => check !== 'write'), line('write')];
const preflight = (more: Partial<ReadPreflight> = {}): ReadPreflight => ({
  ...{ url: 'http://a.example', askedAt: '2026-11-26T10:00:00.000Z', isOver: true, isReadable: true },
  ...{ lines: read.map((check) => line(check)), ...more },
});
const statesOf = (...given: Parameters<typeof viewOf>) => viewOf(...given).lines.map(({ state }) => state);

describe('a pre-flight', () => {
  it('shows every line in its order from the first moment', () => {
    const view = viewOf(id, preflight({ isOver: false, isReadable: false, lines: [line('address')] }), 'not-asked');
    expect(view.lines.map(({ check }) => check)).toEqual(preflightCheck.options);
    expect(view.lines.map(({ state }) => state)).toEqual(['passed', ...Array.from({ length: 8 }, () => 'waiting')]);
    expect(view).toMatchObject({ state: 'reading', mayWrite: false, sentence: 'The app is being read.' });
  });

  it('may write once it has been read, and once only', () => {
    const [before, during, after] = (['not-asked', 'under-way', written] as const).map((trial) => viewOf(id, preflight(), trial)); // prettier-ignore
    expect([before, during, after].map((view) => [view!.state, view!.mayWrite, view!.lines.at(-1)!.state])).toEqual([
      ['over', true, 'skipped'],
      ['writing', false, 'waiting'],
      ['over', false, 'passed'],
    ]);
    expect(after!.sentence).toBe('9 of 9 passed: it may take part.');
    expect(before!.sentence).toBe('8 of 8 passed: it may take part.');
  });

  it('writes nothing to an app that cannot be read, and says so', () => {
    const failed = preflight({ isReadable: false, lines: [line('address'), line('name', 'failed')] });
    const view = viewOf(id, failed, 'not-asked');
    expect([view.state, view.mayWrite]).toEqual(['over', false]);
    expect(view.lines.at(-1)).toMatchObject({ state: 'skipped', sentence: 'Not tried: first it must be readable.' });
    expect(view.sentence).toMatch(/^1 of 2 passed, 1 failed: as it is now, it would be called unreachable/);
  });

  it('tells a warning from a failure, and both from what our side could not find out', () => {
    const withLast = (state: PreflightLine['state']) => preflight({ lines: [...read.slice(0, -1).map((check) => line(check)), line('clock', state)] }); // prettier-ignore
    expect(viewOf(id, withLast('warned'), written).sentence).toBe('8 of 9 passed, with a warning: it may take part.');
    expect(viewOf(id, withLast('unknown'), written).sentence).toBe('8 of 9 passed; of 1 our side failed, which says nothing about the app. Check again.'); // prettier-ignore
    expect(statesOf(id, withLast('unknown'), written).at(-2)).toBe('unknown');
  });
});
