import { reportText, totalsText, type AppReport } from './app-ledger.js';

const sent = { acknowledged: 1_204, refused: 7, unknown: 1, skipped: 0 };
const seen = { acknowledged: 1_204, visible: 1_201, lost: 3, behind: 0, waiting: 0, excused: 0, doubled: 0 };

describe('what became of the writes to an app', () => {
  it('is one sentence, and a second where there are others', () => {
    expect(totalsText({ sent, seen })).toBe(
      'Of 1,204 writes the app acknowledged, 1,201 are visible, 3 acknowledged then lost, 0 doubled; 7 refused, 1 unknown.',
    );
    expect(totalsText({ sent, seen: { ...seen, visible: 901, behind: 288, waiting: 12 } })).toContain(
      '\nThe others: 288 not shown by the endpoints any more; 12 not looked for yet.',
    );
    expect(totalsText({ sent, seen: null })).toContain('is not known now');
  });

  it('names what was lost, with when it was last seen', () => {
    const sighting = { marker: '~a', fill: 7, state: 'lost', firstSeenAt: 'T1', lastSeenAt: 'T2', lostAt: 'T3', doubledAt: null }; // prettier-ignore
    const write = { number: 7, marker: '~a', payload: { kind: 'value', value: 5 }, driver: 'http', traceId: 'f00', sighting }; // prettier-ignore
    const report = { app: { name: 'Ada', url: 'http://a' }, ledger: { sent, seen, missing: [] }, lost: [write], doubled: [] }; // prettier-ignore
    expect(
      reportText(report as unknown as AppReport)
        .split('\n')
        .slice(-1),
    ).toEqual(['lost  fill 7  value  ~a      http    last seen T2, lost T3  f00']);
  });
});
