import { isFinal, sendMsMax } from './looking.js';

const ended = { looks: 2, failures: 0, state: 'unknown', ageMs: 4_000 } as const;

describe('a write whose row was not found', () => {
  it('is unknown for good after a second look', () => {
    expect(isFinal({ ...ended, looks: 1 })).toBe(false);
    expect(isFinal(ended)).toBe(true);
  });

  it('is not given up while somebody may still be sending it', () => {
    expect(isFinal({ ...ended, state: 'sent' })).toBe(false);
    expect(isFinal({ ...ended, state: 'sent', ageMs: sendMsMax })).toBe(true);
  });

  it('is not called unknown for looks that our side could not make, until there were many', () => {
    expect(isFinal({ ...ended, looks: 0, failures: 4 })).toBe(false);
    expect(isFinal({ ...ended, looks: 0, failures: 5 })).toBe(true);
  });
});
