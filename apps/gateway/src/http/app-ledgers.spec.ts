import { Logger } from '@nestjs/common';
import { AppLedgers } from './app-ledgers.js';
import type { RequestContract } from '#libs/contracts/src/contract.js';
import { Problem } from '#libs/contracts/src/problem.js';

const sent = { acknowledged: 3, refused: 1, unknown: 0, skipped: 0 };
const seen = { acknowledged: 3, visible: 1, lost: 2, behind: 0, waiting: 0, excused: 0, doubled: 0 };
const write = (marker: string) => ({ marker, outcome: 'acknowledged' });
const sighting = (marker: string) => ({ marker, fill: 7, state: 'lost' });

/** Answers as the owners do; keeps what they were asked. */
function ledgersWith(answers: Record<string, unknown>) {
  const asked: [name: string, data: unknown][] = [];
  const ask = async ({ name }: RequestContract, data: unknown) => {
    asked.push([name, data]);
    if (answers[name] instanceof Error) throw answers[name];
    return answers[name];
  };
  return { asked, ledgers: new AppLedgers({ ask } as never) };
}

describe('the ledger of an app', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('is the send log with what was seen of each write', async () => {
    const { asked, ledgers } = ledgersWith({
      ListWrites: { totals: sent, writes: ['~a', '~b'].map(write), nextBefore: 41 },
      ListSightings: { totals: seen, sightings: [sighting('~b')], next: null },
    });
    expect(await ledgers.read('x', { before: '90', limit: 2 })).toEqual({
      ...{ sent, seen, next: '41', missing: [] },
      writes: [
        { ...write('~a'), sighting: null },
        { ...write('~b'), sighting: sighting('~b') },
      ],
    });
    expect(asked).toEqual([
      ['ListWrites', { targetId: 'x', limit: 2, before: 90 }],
      ['ListSightings', { appId: 'x', markers: ['~a', '~b'], limit: 2 }],
    ]);
  });

  it('is asked of the comparator first where only it knows, in its order and from its place on', async () => {
    const { asked, ledgers } = ledgersWith({
      ListWrites: { totals: sent, writes: ['~b', '~a'].map(write), nextBefore: null },
      ListSightings: { totals: seen, sightings: ['~a', '~b'].map(sighting), next: { fill: 7, index: 3 } },
    });
    const page = await ledgers.read('x', { only: 'acknowledged-then-missing', before: '9.2', limit: 2 });
    expect([page.writes.map(({ marker }) => marker), page.next]).toEqual([['~a', '~b'], '7.3']);
    expect(asked).toEqual([
      ['ListSightings', { appId: 'x', only: 'lost', limit: 2, before: { fill: 9, index: 2 } }],
      ['ListWrites', { targetId: 'x', markers: ['~a', '~b'], limit: 2 }],
    ]);
  });

  it('is still the send log when the comparator is away, and says who does not answer', async () => {
    const away = new Problem('service-down', 'The comparator does not answer.', 'Wait.');
    const filler = { ListWrites: { totals: sent, writes: [write('~a')], nextBefore: null } };
    const { asked, ledgers } = ledgersWith({ ...filler, ListSightings: away });
    expect(await ledgers.read('x', { only: 'not-acknowledged', limit: 2 })).toMatchObject({
      ...{ sent, seen: null, missing: ['comparator'], next: null },
      writes: [{ marker: '~a', sighting: null }],
    });
    expect(asked[0]![1]).toMatchObject({ only: 'not-acknowledged' });
    await expect(ledgers.read('x', { only: 'doubled', limit: 2 })).rejects.toThrow('does not answer');
  });
});
