import { opened, type KeptFill, type KeptWrite } from './kept-ledger.js';
import { emptyLedger } from './obligation.js';

const write = (index: number, isOwed: boolean): KeptWrite => [
  ...([`~${index}`, { kind: 'mood', mood: 'calm', note: `~${index}` }, index, isOwed] as const),
  ...(['2026-11-26T10:00:00.000Z', null] as const),
];
const kept = (...fills: KeptFill[]) => ({ acknowledged: 2, fills: JSON.stringify(fills), canaries: [] });
const placesOf = (some: readonly { fill: number; index: number }[]) => some.map(({ fill, index }) => [fill, index]);

describe('a kept ledger', () => {
  it('opens to the order of writing, whatever the order in which it was kept', () => {
    const { obligations, others, ...rest } = opened('mood', kept([9, true, [write(4, true), write(2, true), write(3, false)]], [8, true, [write(7, true)]])); // prettier-ignore
    expect(placesOf(obligations)).toEqual([[8, 7], [9, 2], [9, 4]]); // prettier-ignore
    expect(placesOf(others)).toEqual([[9, 3]]);
    expect(rest).toEqual({ acknowledged: 2, canaries: [] });
    expect(obligations[0]).toEqual({
      ...{ marker: '~7', payload: { kind: 'mood', mood: 'calm', note: '~7' }, fill: 8, index: 7 },
      ...{ acknowledgedAt: '2026-11-26T10:00:00.000Z', sentAt: null },
    });
  });

  it('obliges to nothing of a fill that owes nothing, and tells nothing of what lies before the first that does', () => {
    const { obligations, others } = opened('mood', kept([9, false, [write(1, true)]], [8, true, [write(1, true)]], [7, true, [write(1, false)]])); // prettier-ignore
    expect([placesOf(obligations), placesOf(others)]).toEqual([[[8, 1]], [[9, 1]]]);
    expect(opened('mood', kept([9, false, [write(1, true)]]))).toMatchObject({ obligations: [], others: [] });
  });

  it('holds the newest 200 moods of either, and of values whatever obliges', () => {
    const many = kept([1, true, Array.from({ length: 300 }, (_, i) => write(i, i % 4 > 0))]);
    const mood = opened('mood', many);
    expect([mood.obligations.length, mood.obligations.at(-1)!.index, mood.others.length]).toEqual([200, 299, 75]);
    expect(opened('value', many)).toMatchObject({ obligations: { length: 225 }, others: [] });
  });

  it('is what evidence of before has in its place', () => {
    expect(opened('mood', emptyLedger)).toBe(emptyLedger);
  });
});
