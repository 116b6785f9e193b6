import { behind, detailOf, stateOf } from './service-state.js';
import type { Progress } from '#libs/contracts/src/operations.js';

const progress = (part: Partial<Progress> = {}): Progress => ({
  head: 10,
  published: 10,
  unnumbered: 0,
  cursors: {},
  held: { retrying: 0, waiting: 0, dead: 0 },
  work: { due: 0, leased: 0, later: 2, oldestDueSeconds: 0 },
  ...part,
});

describe('what a service has left to do', () => {
  const filler = progress({ head: 366, published: 366 });
  const quiet = progress({ head: 0, published: 0, cursors: { filler: 364, submission: 58 } });
  const services = { filler, submission: progress({ head: 58, published: 58 }), leaderboard: quiet };

  it('is something while it has not read all that others have said', () => {
    expect(behind(quiet, services)).toEqual([{ log: 'filler', events: 2 }]);
    expect(stateOf(quiet, services)).toBe('busy');
    expect(detailOf(quiet, services)).toBe('0 events said · 2 behind filler · submission read to 58');
    const done = progress({ cursors: { filler: 366, submission: 58 } });
    expect(stateOf(done, services)).toBe('still');
  });

  it('is not known of a producer that does not answer, and never less than nothing', () => {
    expect(behind(quiet, {})).toEqual([]);
    expect(behind(progress({ cursors: { filler: 400 } }), services)).toEqual([]);
  });

  it('needs a look when it has dead letters', () => {
    expect(stateOf(progress({ held: { retrying: 0, waiting: 0, dead: 1 } }), services)).toBe('stuck');
    expect(stateOf(progress({ published: 9 }), services)).toBe('busy');
  });
});
